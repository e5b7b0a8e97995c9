import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelJobError } from '../../planner/index.js';
import { isInside, realpathOfExistingPart } from '../../system/files/contained.js';
import { isBelowS3, isS3, parseS3 } from '../storage/index.js';

/** Resolves the paths that requests name, and refuses those outside the operator's roots. */
export interface PathGuard {
  /**
   * @param path as the request has it; a relative one is taken from the worker's folder
   * @param field where it stands in the request, for the message
   * @returns the absolute path with links resolved; its last parts need not exist
   * @throws ModelJobError `PermissionDenied` outside the roots, `InvalidArgument` for a NUL byte
   */
  resolve(path: string, field: string): Promise<string>;
  /**
   * The same for work that may be on other storage too.
   *
   * @param location a path, a `file://` URI, or `s3://bucket/key`
   * @returns the absolute path with links resolved, or the S3 URI
   * @throws ModelJobError as above, and `InvalidUri` for storage of another kind
   */
  location(location: string, field: string): Promise<string>;
}

/** A guard for these roots (`MODEL_JOBS_ROOTS`): folders, and `s3://bucket/prefix` for what is on S3. */
export function createPathGuard(allRoots: readonly string[]): PathGuard {
  const roots = allRoots.filter((root) => !isS3(root));
  const guard: PathGuard = {
    async location(location, field) {
      if (isS3(location)) return checkS3(location, field, allRoots.filter(isS3));
      const [scheme] = /^[a-z][a-z0-9+.-]+:\/\//i.exec(location) ?? [];
      if (scheme === undefined) return guard.resolve(location, field);
      if (scheme.toLowerCase() === 'file://') return guard.resolve(pathOfUri(location, field), field);
      throw new ModelJobError('InvalidUri', `${field}: \`${location}\` is neither a path nor s3://bucket/key`);
    },
    async resolve(path, field) {
      if (path.includes('\0')) throw new ModelJobError('InvalidArgument', `${field} must not hold a NUL byte`);
      const real = await realpathOfExistingPart(resolve(path));
      const realRoots = await Promise.all(roots.map((root) => realpathOfExistingPart(resolve(root))));
      if (realRoots.some((root) => isInside(root, real))) return real;
      throw outside(path, field, roots);
    },
  };
  return guard;
}

function checkS3(uri: string, field: string, roots: readonly string[]): string {
  const { bucket, key } = parseS3(uri, field);
  const location = `s3://${bucket}/${key}`;
  if (roots.some((root) => isBelowS3(root, location))) return location;
  throw outside(uri, field, roots);
}

function outside(location: string, field: string, roots: readonly string[]): ModelJobError {
  return new ModelJobError(
    'PermissionDenied',
    `${field} \`${location}\` is outside the folders that this worker may use (${roots.join(', ') || 'none on S3'}); ` +
      'its operator can add one with MODEL_JOBS_ROOTS',
  );
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
