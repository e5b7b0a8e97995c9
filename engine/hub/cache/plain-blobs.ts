import { lstatSync, readlinkSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { inSlices } from '../../../system/files/in-slices.js';
import type { CachedFile } from './cached-repo.js';

/**
 * Of a snapshot's files those that are what they mostly are, a link to a blob that is a real file: found by two calls to
 * the file system each. The others are looked at one by one.
 *
 * @param blobs the folder of blobs
 * @param pointers of the files in the snapshot
 */
export async function plainBlobs(blobs: string, pointers: readonly string[]): Promise<(CachedFile | undefined)[]> {
  const real = await realpath(blobs).catch(() => undefined);
  if (real === undefined) return [];
  return inSlices(pointers, (pointer) => plainBlob(pointer, { named: blobs, real }));
}

function plainBlob(pointer: string, blobs: { named: string; real: string }): CachedFile | undefined {
  try {
    const target = resolve(dirname(pointer), readlinkSync(pointer));
    const etag = basename(target);
    if (dirname(target) !== blobs.named) return undefined;
    const path = join(blobs.real, etag);
    const facts = lstatSync(path, { bigint: true });
    return facts.isFile() ? { path, size: Number(facts.size), etag, isBlob: true, facts } : undefined;
  } catch {
    return undefined;
  }
}
