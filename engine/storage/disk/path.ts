import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelJobError } from '../../../planner/index.js';
import { isInside, realpathOfExistingPart } from '../../../system/files/contained.js';
import type { Walls } from '../storage.js';

/**
 * A path as a request has it, absolute and with links resolved; undefined outside the roots.
 *
 * @param field where it stands in the request, for the message
 * @throws ModelJobError `InvalidArgument` for a NUL byte, `PermissionDenied` for what a root around it doesn't open
 */
export async function locatePath(path: string, { roots, closed }: Walls, field: string): Promise<string | undefined> {
  if (path.includes('\0')) throw new ModelJobError('InvalidArgument', `${field} must not hold a NUL byte`);
  const real = await realpathOfExistingPart(resolve(path));
  const around = (await inFull(roots)).filter((root) => isInside(root, real));
  if (around.length === 0) return undefined;
  const shut = await inFull(closed);
  const walls = around.map((root) => wallBetween(root, real, shut));
  const wall = walls.find((each) => each !== undefined);
  if (wall === undefined || walls.includes(undefined)) return real;
  throw new ModelJobError(
    'PermissionDenied',
    `${field} \`${path}\` is not opened by a root around it: ${wall}; ` +
      "this worker's operator can add the folder itself with MODEL_JOBS_ROOTS",
  );
}

/** What stands between a root and a path below it: a folder that the worker keeps to itself, or a hidden name. */
function wallBetween(root: string, path: string, closed: readonly string[]): string | undefined {
  const shut = closed.find((each) => each !== root && isInside(root, each) && isInside(each, path));
  if (shut !== undefined) return `the worker keeps \`${shut}\` to itself`;
  const hidden = relative(root, path).split(sep).find(isHidden);
  return hidden === undefined ? undefined : `\`${hidden}\` is hidden`;
}

/** Kubernetes mounts what it is asked for behind `..data` and `..2025_01_31_…`: those hide nothing. */
function isHidden(name: string): boolean {
  return name.startsWith('.') && !/^\.\.(?:data$|\d{4}_)/.test(name);
}

function inFull(paths: readonly string[]): Promise<string[]> {
  return Promise.all(paths.map((path) => realpathOfExistingPart(resolve(path))));
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
