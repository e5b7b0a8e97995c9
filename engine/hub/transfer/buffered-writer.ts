import type { Sink } from '../byte-range.js';
import type { PartialFile } from './partial-file.js';

/** Bytes that are written at once; on a slow connection what came in this time, in milliseconds. */
const batchBytes = 1 << 18;
const batchMs = 200;

/** Room beyond a batch for the chunk that fills it. */
const slack = 1 << 17;

/** Collects the chunks of a body to larger writes, one on its way to the disk while the next one fills. */
export interface BatchWriter {
  take: Sink;
  /** Writes what is left, and waits for all. */
  end(): Promise<void>;
}

/**
 * A writer from `start` on. Chunks are copied into two buffers that are used again and again: to keep them until they
 * are written would cost more, in memory that is asked for anew.
 *
 * @param onWritten called with the count of bytes that are in the file now
 */
export function openBatchWriter(partial: PartialFile, start: number, onWritten: (count: number) => void): BatchWriter {
  let filling = Buffer.allocUnsafeSlow(batchBytes + slack);
  let other = Buffer.allocUnsafeSlow(batchBytes + slack);
  let length = 0;
  let at = start;
  let batchAt = performance.now();
  let writing: Promise<void> | undefined;

  const write = async (batch: Buffer, position: number): Promise<void> => {
    await partial.write(batch, position);
    onWritten(batch.length);
  };
  /** Returns the write before, which uses the buffer that fills next. */
  const flush = (): Promise<void> | undefined => {
    const before = writing;
    const [batch, position] = [filling.subarray(0, length), at];
    const now = (before ? before.then(() => write(batch, position)) : write(batch, position)).finally(() => {
      if (writing === now) writing = undefined;
    });
    // Who waits for it, at the latest at the end, hears of its error.
    now.catch(() => undefined);
    writing = now;
    [filling, other] = [other, filling];
    at += length;
    length = 0;
    batchAt = performance.now();
    return before;
  };
  return {
    take(chunk) {
      if (length + chunk.length > filling.length) {
        filling = Buffer.concat([filling.subarray(0, length)], length + chunk.length + batchBytes);
      }
      length += chunk.copy(filling, length);
      return length < batchBytes && performance.now() - batchAt < batchMs ? undefined : flush();
    },
    async end() {
      await flush();
      await writing;
    },
  };
}
