import { createHash } from 'node:crypto';
import { openFileHasher, type FileHasher } from '../../../system/hashing/index.js';
import type { HubFile } from '../hub-file.js';

/** The hash by which the hub names a file: SHA-256 of the bytes, or git's blob id (SHA-1 with the size before them). */
function hashOf({ algorithm, size }: HubFile): { algorithm: 'sha256' | 'sha1'; prefix: string } {
  return algorithm === 'sha256' ? { algorithm: 'sha256', prefix: '' } : { algorithm: 'sha1', prefix: `blob ${size}\0` };
}

/** The hash of bytes that are in memory. */
export function contentHash(file: HubFile, chunks: readonly Uint8Array[]): string {
  const { algorithm, prefix } = hashOf(file);
  const hash = createHash(algorithm).update(prefix);
  chunks.forEach((chunk) => hash.update(chunk));
  return hash.digest('hex');
}

/** A hasher for the file's bytes at `path`. */
export function contentHasher(file: HubFile, path: string, signal: AbortSignal): FileHasher {
  return openFileHasher(path, { ...hashOf(file), signal });
}
