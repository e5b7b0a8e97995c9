import { ModelJobError } from '../../planner/index.js';

/**
 * A file as the hub knows it. `etag` names its blob in the cache, `hash` is what its bytes are held against: SHA-256 for
 * LFS files, git's blob id for others.
 */
export interface HubFile {
  path: string;
  size: number;
  etag: string;
  algorithm: HashAlgorithm;
}

export type HashAlgorithm = 'sha256' | 'git';

/** An entry of `paths-info` or `tree`. */
export interface ApiEntry {
  path: string;
  size: number;
  oid?: string | undefined;
  lfs?: { oid: string; size: number } | undefined;
}

/** @throws ModelJobError `Io` for an entry without the id of its bytes */
export function fileOfEntry({ path, size, oid, lfs }: ApiEntry): HubFile {
  // The id becomes a file's name in the cache.
  if (lfs && /^[0-9a-f]{64}$/.test(lfs.oid)) return { path, size: lfs.size, etag: lfs.oid, algorithm: 'sha256' };
  if (!lfs && /^[0-9a-f]{40}$/.test(oid ?? '')) return { path, size, etag: oid ?? '', algorithm: 'git' };
  throw new ModelJobError('Io', `the hub named no object id for \`${path}\``);
}

/** Where the hub serves a file of a revision. */
export function fileUrl(endpoint: string, repoId: string, revision: string, path: string): URL {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return new URL(`${endpoint}/${repoId}/resolve/${encodeURIComponent(revision)}/${encoded}`);
}
