import type { ApiEntry } from './hub-api.js';

/** A file as the hub knows it. */
export interface HubFile {
  path: string;
  size: number;
  /** Names its blob in the cache. */
  etag: string;
  /** What the etag may be the hash of the bytes by; by one of them it must be. None where no hash is told. */
  algorithms: readonly HashAlgorithm[];
  /** What its listing says of it beside: git's id of what stands in the repository (of a pointer, in LFS), Xet's hash. */
  blobId?: string;
  xetHash?: string;
  /** Why its bytes can't be held against a hash, where they can't. */
  unverified?: string;
}

/** SHA-256 of the bytes (LFS), git's blob id (other files of a hub), or their SHA-1 (Artifactory, Nexus). */
export type HashAlgorithm = 'sha256' | 'git' | 'sha1';

/** A file of `paths-info` or `tree`; undefined for a folder, and where the id of the bytes is not told. */
export function fileOfEntry({ type, path, size, oid, lfs, xetHash }: ApiEntry): HubFile | undefined {
  if (type !== 'file') return undefined;
  // The id becomes a file's name in the cache.
  const id = (lfs ? lfs.oid.replace(/^sha256:/i, '') : (oid ?? '')).toLowerCase();
  const bytes = lfs?.size ?? size;
  if (bytes == null || !(lfs ? /^[0-9a-f]{64}$/ : /^[0-9a-f]{40}$/).test(id)) return undefined;
  const told = { ...(oid == null ? {} : { blobId: oid }), ...(xetHash == null ? {} : { xetHash }) };
  return { path, size: bytes, etag: id, algorithms: [lfs ? 'sha256' : 'git'], ...told };
}

/** Where the hub serves a file of a revision. */
export function fileUrl(endpoint: string, repoId: string, revision: string, path: string): URL {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return new URL(`${endpoint}/${repoId}/resolve/${encodeURIComponent(revision)}/${encoded}`);
}
