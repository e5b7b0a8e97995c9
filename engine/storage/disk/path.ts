import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelJobError } from '../../../planner/index.js';
import { isInside, realpathOfExistingPart } from '../../../system/files/contained.js';

/**
 * A path as a request has it, absolute and with links resolved; undefined outside the roots.
 *
 * @param field where it stands in the request, for the message
 * @throws ModelJobError `InvalidArgument` for a NUL byte
 */
export async function locatePath(path: string, roots: readonly string[], field: string): Promise<string | undefined> {
  if (path.includes('\0')) throw new ModelJobError('InvalidArgument', `${field} must not hold a NUL byte`);
  const real = await realpathOfExistingPart(resolve(path));
  const realRoots = await Promise.all(roots.map((root) => realpathOfExistingPart(resolve(root))));
  return realRoots.some((root) => isInside(root, real)) ? real : undefined;
}

/**
 * The path behind an artifact's URI.
 *
 * @param field where it stands in the request, for the message
 * @throws ModelJobError `InvalidUri` for an artifact elsewhere
 */
export function pathOfUri(uri: string, field: string): string {
  try {
    return fileURLToPath(uri);
  } catch {
    throw new ModelJobError('InvalidUri', `${field}: \`${uri}\` is not a file on this worker (file://…)`);
  }
}
