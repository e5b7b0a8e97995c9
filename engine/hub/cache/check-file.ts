import { openFileHasher, type HashOptions, type HashRecord } from '../../../system/hashing/index.js';
import type { CachedFile } from './cached-repo.js';

/**
 * The SHA-256 of a cached file, computed or remembered. Its bytes are held against its etag where that is a hash: of a
 * file in LFS the SHA-256, of another one git's blob id, or the SHA-1 that a proxy (Artifactory) sent in its place.
 *
 * @returns undefined for wrong bytes
 */
export async function checkFile(
  { path, size, etag, isBlob, facts }: CachedFile,
  hashes: HashRecord,
  options: HashOptions,
): Promise<string | undefined> {
  const known = await hashes.known(path, facts);
  // What is remembered of a blob has been held against its name; of another file perhaps against nothing.
  const isHeld = known !== undefined && isBlob;
  if (!isHeld && isSha1(etag) && !(await isSha1Of(path, size, etag, options.signal))) return undefined;
  const sha256 = known ?? (await hashes.sha256(path, options));
  if (!isSha256(etag) || etag === sha256) return sha256;
  hashes.forget(path);
  return undefined;
}

/** Whether an etag is a hash of the bytes. */
export function isHash(etag: string | undefined): boolean {
  return isSha256(etag) || isSha1(etag);
}

function isSha256(etag: string | undefined): etag is string {
  return etag !== undefined && /^[0-9a-f]{64}$/.test(etag);
}

function isSha1(etag: string | undefined): etag is string {
  return etag !== undefined && /^[0-9a-f]{40}$/.test(etag);
}

async function isSha1Of(path: string, size: number, etag: string, signal: AbortSignal | undefined): Promise<boolean> {
  for (const prefix of [`blob ${size}\0`, '']) {
    const hasher = openFileHasher(path, { algorithm: 'sha1', prefix, signal });
    hasher.advance(size);
    if ((await hasher.digest()) === etag) return true;
  }
  return false;
}
