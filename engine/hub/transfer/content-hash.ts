import { createHash } from 'node:crypto';
import { openFileHasher, type FileHasher } from '../../../system/hashing/index.js';
import type { HashAlgorithm, HubFile } from '../hub-file.js';

/** How a hash is made: of SHA-256 or SHA-1, and for git's blob id with the size before the bytes. */
function hashOf({ size }: HubFile, algorithm: HashAlgorithm): { algorithm: 'sha256' | 'sha1'; prefix: string } {
  if (algorithm === 'git') return { algorithm: 'sha1', prefix: `blob ${size}\0` };
  return { algorithm, prefix: '' };
}

/** The hash of bytes that are in memory. */
export function contentHash(file: HubFile, algorithm: HashAlgorithm, chunks: readonly Uint8Array[]): string {
  const { algorithm: name, prefix } = hashOf(file, algorithm);
  const hash = createHash(name).update(prefix);
  chunks.forEach((chunk) => hash.update(chunk));
  return hash.digest('hex');
}

/** A hasher for the file's bytes at `path`. */
export function contentHasher(
  file: HubFile,
  algorithm: HashAlgorithm,
  { path, signal }: { path: string; signal: AbortSignal },
): FileHasher {
  return openFileHasher(path, { ...hashOf(file, algorithm), signal });
}
