import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isExecutableFile, programsOnPath } from '../../system/processes/find-program.js';

/**
 * The program of a name on the PATH, or of a path; undefined where there is none that can be executed. Links in its
 * folder are resolved, its own name is not, since one binary under many names (busybox) is many programs.
 */
export async function locateProgram(command: string): Promise<string | undefined> {
  const candidates = command.includes('/') ? [resolve(command)] : await programsOnPath(command, process.env);
  for (const candidate of candidates) {
    if (await isExecutableFile(candidate)) return join(await realpath(dirname(candidate)), basename(candidate));
  }
  return undefined;
}
