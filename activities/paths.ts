import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ModelJobError } from '../planner/index.js';

/** Resolves the paths that requests name, and refuses those outside the operator's roots. */
export interface PathGuard {
  /**
   * @param path as the request has it; a relative one is taken from the worker's folder
   * @param field where it stands in the request, for the message
   * @returns the absolute path with links resolved; its last parts need not exist
   * @throws ModelJobError `PermissionDenied` outside the roots, `InvalidArgument` for a NUL byte
   */
  resolve(path: string, field: string): Promise<string>;
}

/** A guard for these roots (`MODEL_JOBS_ROOTS`). */
export function createPathGuard(roots: readonly string[]): PathGuard {
  return {
    async resolve(path, field) {
      if (path.includes('\0')) throw new ModelJobError('InvalidArgument', `${field} must not hold a NUL byte`);
      const real = await realpathOfExistingPart(resolve(path));
      const realRoots = await Promise.all(roots.map((root) => realpathOfExistingPart(resolve(root))));
      if (realRoots.some((root) => isInside(root, real))) return real;
      throw new ModelJobError(
        'PermissionDenied',
        `${field} \`${path}\` is outside the folders that this worker may use (${roots.join(', ')}); ` +
          'its operator can add one with MODEL_JOBS_ROOTS',
      );
    },
  };
}

/** Whether `path` is `folder` or below it; both absolute and resolved. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Resolves links as far as the path exists, one that leads to nothing included: writing to it would make its target. */
export async function realpathOfExistingPart(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    const folder = await realpathOfExistingPart(parent);
    const target = await linkTarget(join(folder, basename(path)));
    return target === undefined ? join(folder, basename(path)) : await realpathOfExistingPart(resolve(folder, target));
  }
}

/** Where a link leads; undefined for what is no link. A ring of links is no ENOENT, and so never comes here. */
async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch {
    return undefined;
  }
}
