import { setMaxListeners } from 'node:events';
import type { FileHasher } from '../../../system/hashing/index.js';
import type { ByteRange } from '../byte-range.js';
import { retrying } from '../retry.js';
import { openBatchWriter } from './buffered-writer.js';
import { contentHasher } from './content-hash.js';
import type { FetchedFile, FileFetch } from './file-fetch.js';
import { openPartial, type PartialFile } from './partial-file.js';

/** Connections that one file may take. */
const lanesPerFile = 8;

/** The shortest and the longest range of one request, in bytes. */
const leastRange = 8 << 20;
const mostRange = 64 << 20;

/** Ranges are as long as gives each lane two of them, so that all end at about the same time. */
export function rangeLengthFor(size: number): number {
  return Math.min(Math.max(Math.ceil(size / (2 * lanesPerFile)), leastRange), mostRange);
}

/**
 * Fetches a file in ranges, side by side, into a partial file. A thread hashes what is whole from the beginning, so that
 * the hash is ready soon after the last byte.
 *
 * @param fenced whether an earlier attempt may still write to what it left
 */
export async function fetchLarge(fetch: FileFetch, fenced: boolean): Promise<FetchedFile> {
  const { file, blob, signal, onBytes } = fetch;
  const partial = await openPartial(blob, file.size, fenced);
  onBytes(partial.bytes(), 'kept');
  const stop = new AbortController();
  const lanesSignal = AbortSignal.any([signal, stop.signal]);
  // Each lane's request listens.
  setMaxListeners(0, lanesSignal);
  const hasher = contentHasher(file, partial.path, lanesSignal);
  try {
    hasher.advance(partial.wholeUntil());
    const ranges = partial.missing(rangeLengthFor(file.size));
    const lanes = Array.from({ length: Math.min(lanesPerFile, ranges.length) }, () =>
      runLane({ ...fetch, signal: lanesSignal }, { partial, hasher, ranges }).catch((error: unknown) => {
        stop.abort(error);
        throw error;
      }),
    );
    await Promise.allSettled(lanes);
    signal.throwIfAborted();
    if (stop.signal.aborted) throw stop.signal.reason;
    const digest = await hasher.digest();
    return { digest, publish: () => partial.publish(), discard: () => partial.discard() };
  } catch (error) {
    hasher.close();
    await partial.close();
    throw error;
  }
}

interface Work {
  partial: PartialFile;
  hasher: FileHasher;
  /** What no lane has taken yet. */
  ranges: ByteRange[];
}

async function runLane(fetch: FileFetch, work: Work): Promise<void> {
  for (let range = work.ranges.shift(); range; range = work.ranges.shift()) await fetchRange(fetch, work, range);
}

/** Fetches a range; after a fault, what is left of it. */
async function fetchRange({ file, reader, http, signal, onBytes }: FileFetch, work: Work, range: ByteRange) {
  const { partial, hasher } = work;
  let at = range.start;
  const onWritten = (count: number): void => {
    at += count;
    hasher.advance(partial.wholeUntil());
    onBytes(count, 'fetched');
  };
  const attempt = async (): Promise<void> => {
    signal.throwIfAborted();
    const batch = openBatchWriter(partial, at, onWritten);
    try {
      await reader.read(file, { start: at, end: range.end }, batch.take, signal);
    } finally {
      await batch.end();
    }
  };
  await retrying(
    signal,
    () => http.bodies(attempt),
    () => at,
  );
}
