import { stat } from 'node:fs/promises';
import { ModelJobError, type ArtifactRef } from '../../planner/index.js';
import { isInside, realpathOfExistingPart } from '../../system/files/contained.js';
import { openHashRecord } from '../../system/hashing/index.js';
import { locate, locatePath, pathOfUri, rootsLike } from '../storage/index.js';
import { jobsFolder, ownRooms } from './layout.js';

export { pathOfUri } from '../storage/index.js';

/** Resolves the paths that requests name, and refuses those outside the operator's roots. */
export interface PathGuard {
  /**
   * @param path as the request has it; a relative one is taken from the worker's folder
   * @param field where it stands in the request, for the message
   * @returns the absolute path with links resolved; its last parts need not exist
   * @throws ModelJobError `PermissionDenied` outside the roots and for what they don't open, `InvalidArgument` for a NUL
   *   byte
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
  /**
   * The same for what a job has made. Other jobs' folders are closed: a file of one is opened to who knows its SHA-256,
   * as whoever has that job's result does.
   */
  artifact(artifact: Pick<ArtifactRef, 'uri' | 'sha256'>, field: string): Promise<string>;
}

/** What no root around it opens. */
export interface Closed {
  /** The worker's `MODEL_JOBS_HOME`. */
  home?: string | undefined;
  /** Files with secrets of the worker's. */
  secretFiles?: readonly string[] | undefined;
}

/** Files of jobs are hashed once for as long as they stay as they are. */
const hashes = openHashRecord();

/** A guard for these roots (`MODEL_JOBS_ROOTS`): folders, and `s3://bucket/prefix` for what is on S3. */
export function createPathGuard(roots: readonly string[], { home, secretFiles = [] }: Closed = {}): PathGuard {
  const closed = [...(home === undefined ? [] : [home, ...ownRooms(home)]), ...secretFiles];
  const folders = rootsLike('/', roots);
  const guard: PathGuard = {
    async location(named, field) {
      return (await locate(named, { roots, closed }, field)) ?? outside(named, field, rootsLike(named, roots));
    },
    async resolve(path, field) {
      return (await locatePath(path, { roots: folders, closed }, field)) ?? outside(path, field, folders);
    },
    async artifact({ uri, sha256 }, field) {
      try {
        return await guard.location(uri, field);
      } catch (error) {
        const path = home === undefined || !isRefusal(error) ? undefined : await fileOfJob(home, uri, field);
        if (path !== undefined && sha256 && (await (await hashes).sha256(path)) === sha256.toLowerCase()) return path;
        throw path === undefined ? error : unknownArtifact(uri, field);
      }
    },
  };
  return guard;
}

/** A file below the folders of jobs; undefined for what is none. */
async function fileOfJob(home: string, uri: string, field: string): Promise<string | undefined> {
  if (!/^file:\/\//i.test(uri)) return undefined;
  const path = await realpathOfExistingPart(pathOfUri(uri, field));
  if (!isInside(await realpathOfExistingPart(jobsFolder(home)), path)) return undefined;
  return (await stat(path).catch(() => undefined))?.isFile() ? path : undefined;
}

function isRefusal(error: unknown): boolean {
  return error instanceof ModelJobError && error.code === 'PermissionDenied';
}

/** Whether the SHA-256 is absent or another one: who guesses learns nothing. */
function unknownArtifact(uri: string, field: string): ModelJobError {
  const message = `${field} \`${uri}\` is of another job: it is opened with the SHA-256 alone that the job's result tells`;
  return new ModelJobError('PermissionDenied', message);
}

function outside(location: string, field: string, roots: readonly string[]): never {
  throw new ModelJobError(
    'PermissionDenied',
    `${field} \`${location}\` is outside the folders that this worker may use (${roots.join(', ') || 'none there'}); ` +
      'its operator can add one with MODEL_JOBS_ROOTS',
  );
}
