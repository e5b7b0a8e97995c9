import { ModelJobError, type CommandOptions } from '../../planner/index.js';
import type { AdmittedCommand } from '../policy/admit-command.js';
import type { CommandLimits } from '../policy/limits.js';
import { locateProgram } from '../policy/locate-program.js';

/** Seconds that a program may take, where nobody says anything. */
const defaultTimeoutSeconds = 3600;

/** Between SIGXCPU and SIGKILL, in seconds. */
const cpuGraceSeconds = 2;

/**
 * The times of a run: those that the request asks for, as far as the policy lets it.
 *
 * @throws ModelJobError `PermissionDenied` for more
 */
export function timesOf(
  options: CommandOptions,
  { rules }: Pick<AdmittedCommand, 'rules'>,
): { timeoutSeconds: number; idleTimeoutSeconds: number | undefined } {
  const time = (name: 'timeoutSeconds' | 'idleTimeoutSeconds'): number | undefined => {
    const asked = options[name] ?? undefined;
    const most = rules?.rules.limits?.[name];
    if (rules === undefined || most === undefined || asked === undefined || asked <= most) return asked ?? most;
    const rule = `${rules.place}.limits.${name}`;
    throw new ModelJobError(
      'PermissionDenied',
      `options.command.${name} must not be ${asked}: this worker's policy (${rule}) allows ${most}`,
      { details: { rules: [rule] } },
    );
  };
  return {
    timeoutSeconds: time('timeoutSeconds') ?? defaultTimeoutSeconds,
    idleTimeoutSeconds: time('idleTimeoutSeconds'),
  };
}

/**
 * What to run for a program under limits: `prlimit` of util-linux sets them, and becomes the program.
 *
 * @throws ModelJobError `MissingDependency` for limits that this worker can't set
 */
export async function limited({
  program,
  args,
  rules,
}: AdmittedCommand): Promise<{ program: string; args: readonly string[] }> {
  const flags = flagsOf(rules?.rules.limits ?? {});
  if (flags.length === 0) return { program, args };
  const place = `${rules?.place}.limits`;
  if (rules?.rules.limits?.processes !== undefined && process.getuid?.() === 0)
    throw missing(`${place}.processes does not hold for root: start the worker as another user`);
  const prlimit = await locateProgram('prlimit');
  if (prlimit === undefined)
    throw missing(`${place} needs \`prlimit\` (of util-linux), which is not on this worker's PATH`);
  return { program: prlimit, args: [...flags, '--', program, ...args] };
}

function flagsOf({ cpuSeconds, memoryMb, fileSizeMb, openFiles, processes }: CommandLimits): string[] {
  return [
    ...(cpuSeconds === undefined ? [] : [`--cpu=${cpuSeconds}:${cpuSeconds + cpuGraceSeconds}`]),
    ...(memoryMb === undefined ? [] : [`--as=${memoryMb * 1e6}`]),
    ...(fileSizeMb === undefined ? [] : [`--fsize=${fileSizeMb * 1e6}`]),
    ...(openFiles === undefined ? [] : [`--nofile=${openFiles}`]),
    ...(processes === undefined ? [] : [`--nproc=${processes}`]),
  ];
}

function missing(detail: string): ModelJobError {
  return new ModelJobError('MissingDependency', detail);
}
