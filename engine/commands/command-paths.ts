import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ModelJobError } from '../../planner/index.js';
import { isInside, realpathOfExistingPart } from '../../system/files/contained.js';
import type { PathCheck } from '../policy/check-value.js';
import type { PathGuard } from '../workspace/paths.js';

/**
 * Resolves the paths among a command's arguments as its program would, from its working folder: they may be in the roots,
 * and in folders of the job's own.
 */
export function commandPaths(paths: PathGuard, cwd: string, own: readonly string[]): PathCheck {
  return async (path) => {
    const full = resolve(cwd, path);
    // Refused there by its name.
    if (full.includes('\0')) return paths.resolve(path, 'options.command.args');
    const real = await realpathOfExistingPart(full);
    const folders = await Promise.all(own.map((folder) => realpath(folder)));
    return folders.some((folder) => isInside(folder, real)) ? real : paths.resolve(full, 'options.command.args');
  };
}

/**
 * A path that a request names for a command.
 *
 * @param field where it stands in the request
 * @throws ModelJobError `PermissionDenied` outside the roots, `NotFound` for what is not there or is something else
 */
export async function namedPlace(
  paths: PathGuard,
  path: string,
  { field, kind }: { field: string; kind: 'file' | 'folder' },
): Promise<string> {
  const real = await paths.resolve(path, field);
  const found = await stat(real).catch(() => undefined);
  if (kind === 'file' ? found?.isFile() : found?.isDirectory()) return real;
  throw new ModelJobError('NotFound', `${field}: \`${path}\` is no ${kind} on this worker`);
}
