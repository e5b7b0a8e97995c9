import { setMaxListeners } from 'node:events';
import type { FileHasher } from '../../../system/hashing/index.js';
import { BeginAnew } from '../begin-anew.js';
import type { ByteRange } from '../byte-range.js';
import type { HashAlgorithm } from '../hub-file.js';
import { retrying } from '../retry.js';
import { openBatchWriter } from './buffered-writer.js';
import { contentHasher } from './content-hash.js';
import { firstAlgorithm, type FetchedFile, type FileFetch } from './file-fetch.js';
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
 * Fetches a file into a partial file: in ranges, side by side, or in one stream where its host serves whole files alone.
 * A thread hashes what is whole from the beginning, so that the hash is ready soon after the last byte.
 *
 * @param fenced whether an earlier attempt may still write to what it left
 * @throws BeginAnew where what has come is of no use
 */
export async function fetchLarge(fetch: FileFetch, fenced: boolean): Promise<FetchedFile> {
  const { file, blob, reader, signal, onBytes } = fetch;
  // Parts of what no hash holds together may be of two files.
  if (!reader.servesRanges() || file.algorithms.length === 0) return retrying(signal, () => fetchInOne(fetch, fenced));
  const partial = await openPartial(blob, file.size, fenced);
  onBytes(partial.bytes(), 'kept');
  const ranges = partial.missing(rangeLengthFor(file.size));
  return fill(fetch, { partial, ranges, bring: bringRange, keeps: (error) => !(error instanceof BeginAnew) });
}

/** One try of one stream. Nothing that is hashed already may be written again, so each begins with an empty file. */
async function fetchInOne(fetch: FileFetch, fenced: boolean): Promise<FetchedFile> {
  const { file, blob, onDiscard } = fetch;
  await (await openPartial(blob, file.size, fenced)).discard();
  const partial = await openPartial(blob, file.size, false);
  try {
    const ranges = [{ start: 0, end: file.size }];
    return await fill(fetch, { partial, ranges, bring: bringOnce, keeps: () => false });
  } catch (error) {
    onDiscard();
    throw error;
  }
}

interface Filling {
  partial: PartialFile;
  /** What no lane has taken yet. */
  ranges: ByteRange[];
  /** Brings one range. */
  bring: (fetch: FileFetch, target: Target, range: ByteRange) => Promise<void>;
  /** Whether what is there after such an error is worth keeping for the next attempt. */
  keeps: (error: unknown) => boolean;
}

interface Target {
  partial: PartialFile;
  hasher: FileHasher;
}

async function fill(fetch: FileFetch, { partial, ranges, bring, keeps }: Filling): Promise<FetchedFile> {
  const { file, signal } = fetch;
  const stop = new AbortController();
  const lanesSignal = AbortSignal.any([signal, stop.signal]);
  // Each lane's request listens.
  setMaxListeners(0, lanesSignal);
  const { path } = partial;
  const hasher = contentHasher(file, firstAlgorithm(file), { path, signal: lanesSignal });
  const runLane = async (): Promise<void> => {
    for (let range = ranges.shift(); range; range = ranges.shift()) {
      await bring({ ...fetch, signal: lanesSignal }, { partial, hasher }, range);
    }
  };
  try {
    hasher.advance(partial.wholeUntil());
    const lanes = Array.from({ length: Math.min(lanesPerFile, ranges.length) }, () =>
      runLane().catch((error: unknown) => {
        stop.abort(error);
        throw error;
      }),
    );
    await Promise.allSettled(lanes);
    signal.throwIfAborted();
    if (stop.signal.aborted) throw stop.signal.reason;
    const digest = await hasher.digest();
    const digestBy = (algorithm: HashAlgorithm): Promise<string> => {
      const again = contentHasher(file, algorithm, { path, signal });
      again.advance(file.size);
      return again.digest();
    };
    return { digest, digestBy, publish: () => partial.publish(), discard: () => partial.discard() };
  } catch (error) {
    hasher.close();
    await (keeps(error) ? partial.close() : partial.discard());
    throw error;
  }
}

/** Brings a range; after a fault, what is left of it. */
async function bringRange(fetch: FileFetch, target: Target, range: ByteRange): Promise<void> {
  let at = range.start;
  const onWritten = (count: number): void => void (at += count);
  await retrying(
    fetch.signal,
    () => bringOnce(fetch, target, { start: at, end: range.end }, onWritten),
    () => at,
  );
}

/** One try of a range. */
async function bringOnce(
  { file, reader, http, signal, onBytes }: FileFetch,
  { partial, hasher }: Target,
  range: ByteRange,
  onWritten: (count: number) => void = () => undefined,
): Promise<void> {
  await http.bodies(async () => {
    signal.throwIfAborted();
    const batch = openBatchWriter(partial, range.start, (count) => {
      onWritten(count);
      hasher.advance(partial.wholeUntil());
      onBytes(count, 'fetched');
    });
    try {
      await reader.read(file, range, batch.take, signal);
    } finally {
      await batch.end();
    }
  });
}
