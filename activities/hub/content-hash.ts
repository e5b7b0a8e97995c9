import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { HubFile } from './hub-client.js';

/** The hash by which the hub names this file: SHA-256 of the bytes, or git's blob id (SHA-1 with the size before them). */
export function contentHash({ algorithm, size }: HubFile): Hash {
  return algorithm === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`);
}

/** Feeds the first `length` bytes of a file to a hash. */
export async function hashPrefix(hash: Hash, path: string, length: number, signal: AbortSignal): Promise<void> {
  if (length === 0) return;
  const stream = createReadStream(path, { end: length - 1, highWaterMark: 1 << 20, signal });
  for await (const chunk of stream) hash.update(chunk as Buffer);
}
