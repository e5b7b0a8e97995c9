import { realpath, stat } from 'node:fs/promises';
import { ModelJobError } from '../../planner/index.js';
import { isInside } from '../../system/files/contained.js';
import { locateProgram } from './locate-program.js';
import type { AllowedCommand, CommandRules } from './schema.js';

/** A program that may run, and the rules for it with their places in the policy; none where it was allowed by name. */
export interface AllowedProgram {
  /** Absolute path. */
  program: string;
  rules: { place: string; rules: CommandRules }[];
}

/**
 * The program of a request's command, where the operator allowed it. Rules for a program are not widened by its name in
 * `MODEL_JOBS_COMMANDS`.
 *
 * @param command a name, looked up on the worker's PATH, or a path
 * @throws ModelJobError `PermissionDenied` when nothing allows it, `Failed` when there is no such program
 */
export async function findAllowed(command: string, allowed: readonly AllowedCommand[]): Promise<AllowedProgram> {
  if (command.includes('\0'))
    throw new ModelJobError('InvalidArgument', 'spec.source.command must not hold a NUL byte');
  const program = await locateProgram(command);
  const admits = await Promise.all(allowed.map((entry) => allows(entry, command, program)));
  if (!admits.includes(true)) throw refusal(command, allowed);
  if (program === undefined)
    throw new ModelJobError('Failed', `failed to run \`${command}\`: No such file or directory (os error 2)`);
  const rules = allowed.flatMap((entry, index) =>
    admits[index] && typeof entry !== 'string' ? [{ place: `commands[${index}]`, rules: entry }] : [],
  );
  return { program, rules };
}

async function allows(entry: AllowedCommand, command: string, program: string | undefined): Promise<boolean> {
  const named = typeof entry === 'string' ? entry : entry.program;
  if (named === command) return true;
  if (program === undefined) return false;
  if (program === (await locateProgram(named))) return true;
  return typeof entry !== 'string' && isIn(named, program);
}

/** Whether a path is that of a folder, and the program lies in it with all links resolved. */
async function isIn(folder: string, program: string): Promise<boolean> {
  if (!folder.startsWith('/')) return false;
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder && isInside(await realpath(folder), await realpath(program));
}

function refusal(command: string, allowed: readonly AllowedCommand[]): ModelJobError {
  const names = [...new Set(allowed.map((entry) => (typeof entry === 'string' ? entry : entry.program)))];
  const list = names.length === 0 ? 'none are' : `only ${names.join(', ')}`;
  return new ModelJobError(
    'PermissionDenied',
    `command \`${command}\` is not allowed on this worker (${list}); its operator can allow it with MODEL_JOBS_POLICY ` +
      'or MODEL_JOBS_COMMANDS',
  );
}
