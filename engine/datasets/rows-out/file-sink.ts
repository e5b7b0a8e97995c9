import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { StorageFolder, StoredFile } from '../../storage/index.js';

/** Bytes that wait for the disk or the network before more is taken. */
const waitingBytes = 4 << 20;

/** Bytes that are written at once. */
const blockBytes = 1 << 20;

/** A file that is written as bytes come, and gets its name when it is whole. */
export interface FileSink {
  /** Takes bytes; the caller may use them again. */
  add(bytes: Uint8Array): void;
  /** Waits until there is room for more. */
  drain(): Promise<void>;
  /** Gives the file its name. */
  publish(): Promise<StoredFile>;
  /** Leaves nothing behind. */
  discard(): Promise<void>;
}

/** Opens a file of a folder for writing. */
export function openFileSink(folder: StorageFolder, name: string, signal: AbortSignal): FileSink {
  const pipe = new PassThrough({ highWaterMark: waitingBytes });
  const written = folder.write(name, pipe as AsyncIterable<Buffer>, signal);
  let failure: { error: unknown } | undefined;
  // Both may fail while nobody waits for them.
  written.catch((error: unknown) => {
    failure = { error };
    pipe.destroy();
  });
  pipe.on('error', () => undefined);
  let block = Buffer.allocUnsafe(blockBytes);
  let used = 0;
  const flush = (): void => {
    if (used > 0) pipe.write(block.subarray(0, used));
    block = Buffer.allocUnsafe(blockBytes);
    used = 0;
  };
  return {
    add(bytes) {
      for (let from = 0; from < bytes.length;) {
        const part = bytes.subarray(from, from + blockBytes - used);
        block.set(part, used);
        used += part.length;
        from += part.length;
        if (used === blockBytes) flush();
      }
    },
    async drain() {
      if (failure) throw failure.error;
      if (pipe.writableNeedDrain) await Promise.race([once(pipe, 'drain'), written]);
    },
    publish() {
      flush();
      pipe.end();
      return written;
    },
    async discard() {
      pipe.destroy(new Error('discarded'));
      await written.catch(() => undefined);
    },
  };
}
