import { ModelJobError } from '../../planner/index.js';
import { locate, locatePath, rootsLike } from '../storage/index.js';

export { pathOfUri } from '../storage/index.js';

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
export function createPathGuard(roots: readonly string[]): PathGuard {
  const folders = rootsLike('/', roots);
  return {
    async location(named, field) {
      return (await locate(named, roots, field)) ?? outside(named, field, rootsLike(named, roots));
    },
    async resolve(path, field) {
      return (await locatePath(path, folders, field)) ?? outside(path, field, folders);
    },
  };
}

function outside(location: string, field: string, roots: readonly string[]): never {
  throw new ModelJobError(
    'PermissionDenied',
    `${field} \`${location}\` is outside the folders that this worker may use (${roots.join(', ') || 'none there'}); ` +
      'its operator can add one with MODEL_JOBS_ROOTS',
  );
}
