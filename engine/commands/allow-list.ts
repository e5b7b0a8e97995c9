import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ModelJobError } from '../../planner/index.js';
import { isExecutableFile, programsOnPath } from '../../system/processes/find-program.js';

/**
 * The program to run for a request's command.
 *
 * A command is allowed where the operator's list names the same program: links in its folder are resolved, its
 * own name is not, since one binary under many names (busybox) is many programs.
 *
 * @param command a name, looked up on the worker's PATH, or a path
 * @param allowed the operator's list (`MODEL_JOBS_COMMANDS`): names and absolute paths
 * @returns an absolute path
 * @throws ModelJobError `PermissionDenied` when not on the list, `Failed` when there is no such program
 */
export async function allowedProgram(command: string, allowed: readonly string[]): Promise<string> {
  if (command.includes('\0'))
    throw new ModelJobError('InvalidArgument', 'spec.source.command must not hold a NUL byte');
  const program = await locateProgram(command);
  if (!allowed.includes(command)) {
    const programs = await Promise.all(allowed.map(locateProgram));
    if (program === undefined || !programs.includes(program)) throw refusal(command, allowed);
  }
  if (program !== undefined) return program;
  throw new ModelJobError('Failed', `failed to run \`${command}\`: No such file or directory (os error 2)`);
}

function refusal(command: string, allowed: readonly string[]): ModelJobError {
  const list = allowed.length === 0 ? 'none are' : `only ${allowed.join(', ')}`;
  return new ModelJobError(
    'PermissionDenied',
    `command \`${command}\` is not allowed on this worker (${list}); its operator can allow it with MODEL_JOBS_COMMANDS`,
  );
}

/** The program of a name on the PATH, or of a path; undefined where there is none that can be executed. */
export async function locateProgram(command: string): Promise<string | undefined> {
  const candidates = command.includes('/') ? [resolve(command)] : await programsOnPath(command, process.env);
  for (const candidate of candidates) {
    if (await isExecutableFile(candidate)) return join(await realpath(dirname(candidate)), basename(candidate));
  }
  return undefined;
}
