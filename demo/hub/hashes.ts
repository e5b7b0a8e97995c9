import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import pLimit from 'p-limit';
import { gitHeader } from './git-objects.js';

/** What tells one content of a file from another without reading it. */
export function stampOf(file: string, stats: BigIntStats): string {
  return [file, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(':');
}

/** Hashes of file contents, kept by stamp for the life of the process: the files may be gigabytes. */
const known = new Map<string, Promise<string>>();

/** Hashing is bound to one core, so that more at once only cost memory. */
const limit = pLimit(2);

/** SHA-256 of a file's content, hexadecimal. */
export function sha256Of(file: string, stamp: string): Promise<string> {
  return hashOnce(`sha256 ${stamp}`, () => digest(file, 'sha256', ''));
}

/** The id of a file as a git blob. */
export function blobOidOf(file: string, stamp: string, sizeBytes: number): Promise<string> {
  return hashOnce(`blob ${stamp}`, () => digest(file, 'sha1', gitHeader('blob', sizeBytes)));
}

function hashOnce(key: string, compute: () => Promise<string>): Promise<string> {
  const found = known.get(key);
  if (found !== undefined) {
    return found;
  }
  const hash = limit(compute);
  known.set(key, hash);
  hash.catch(() => known.delete(key));
  return hash;
}

async function digest(file: string, algorithm: string, header: string): Promise<string> {
  const hash = createHash(algorithm).update(header);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 17 })) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
