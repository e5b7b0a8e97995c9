import { ModelJobError } from '../../planner/index.js';
import { diskStorage } from './disk/index.js';
import { s3Storage } from './s3/index.js';
import type { FilesAt, StorageFolder, StorageScheme, Walls } from './storage.js';

export { locatePath, pathOfUri } from './disk/path.js';
export type { FileVersion, ReadOptions, StorageFolder, StoredAt, StoredFile, Walls } from './storage.js';

/** All kinds of storage. */
const schemes: readonly StorageScheme[] = [s3Storage, diskStorage];

/**
 * Opens a folder of files; it need not exist.
 *
 * @param location an absolute path, or `s3://bucket/prefix`; checked against the roots by `PathGuard.location`
 */
export function openFolder(location: string): StorageFolder {
  return schemeOf(location).openFolder(location);
}

/** The folder and name of one file by its location, checked as above. */
export function openFile(location: string): { folder: StorageFolder; name: string } {
  const { folder, name } = schemeOf(location).split(location);
  return { folder: openFolder(folder), name };
}

/** A location below another: `below('s3://bucket/a', 'b')` is `s3://bucket/a/b`. */
export function below(location: string, ...names: string[]): string {
  return schemeOf(location).below(location, ...names);
}

/** The folder that a location is in. */
export function parentOf(location: string): string {
  return schemeOf(location).parentOf(location);
}

/** The last part of a location: the name of a folder in the one that it is in. */
export function nameOf(location: string): string {
  return schemeOf(location).nameOf(location);
}

/** The files at a location, checked as above; undefined where there is nothing. */
export function filesAt(location: string, signal: AbortSignal): Promise<FilesAt | undefined> {
  return schemeOf(location).filesAt(location, signal);
}

/** The locations of the files that a pattern matches, in order; undefined for what is no pattern. */
export async function filesMatching(pattern: string): Promise<string[] | undefined> {
  return schemeOf(pattern).matching?.(pattern);
}

/**
 * A location as a request has it, in full and with links resolved.
 *
 * @param walls with roots of all kinds
 * @param field where it stands in the request, for the message
 * @returns undefined outside the roots
 * @throws ModelJobError `InvalidUri` for storage of another kind, `InvalidArgument` for a NUL byte, `PermissionDenied` for
 *   what a root around it doesn't open
 */
export async function locate(named: string, { roots, closed }: Walls, field: string): Promise<string | undefined> {
  const scheme = schemeOf(named, field);
  return scheme.locate(named, { roots: roots.filter((root) => scheme.owns(root)), closed }, field);
}

/** Of roots those that are of one kind with a location. */
export function rootsLike(location: string, roots: readonly string[]): string[] {
  const scheme = schemeOf(location);
  return roots.filter((root) => scheme.owns(root));
}

/**
 * A root in full, as the operator named it.
 *
 * @param field what named it, for the message
 * @throws ModelJobError `InvalidUri` for storage of another kind
 */
export function rootOf(named: string, field: string): string {
  return schemeOf(named, field).root(named);
}

function schemeOf(location: string, field = 'location'): StorageScheme {
  const scheme = schemes.find((each) => each.owns(location));
  if (scheme) return scheme;
  const forms = schemes.map(({ form }) => form).reverse();
  throw new ModelJobError('InvalidUri', `${field}: \`${location}\` is neither ${forms.join(' nor ')}`);
}
