import { open } from 'node:fs/promises';
import { stampOf } from './hashes.js';
import type { SnapshotFile } from './snapshot.js';

const chunkBytes = 512 * 1024;

/**
 * Reads a part of a file as fast as it is taken, never the whole file at once. All chunks are of one buffer: each holds
 * until the next one is asked for.
 *
 * @throws Error where the file has changed since its snapshot was taken.
 */
export async function* readFromDisk(
  { file, stamp }: SnapshotFile,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  const handle = await open(file);
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, end - start));
  try {
    if (stampOf(file, await handle.stat({ bigint: true })) !== stamp) {
      throw new Error(`${file} has changed since it was hashed; call setRepo after changing a folder`);
    }
    for (let at = start; at < end;) {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, end - at), at);
      if (bytesRead === 0) {
        throw new Error(`${file} ended at byte ${at}`);
      }
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
