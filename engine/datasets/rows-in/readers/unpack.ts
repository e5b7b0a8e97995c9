import { pipeline, Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { ModelJobError } from '../../../../planner/index.js';
import type { Compression } from '../formats.js';
import { unzstd } from './zstd.js';

/** Bytes that come out at once. */
const chunkSize = 1 << 18;

/**
 * The bytes of a file that is compressed as a whole.
 *
 * @param label the file's name, for messages
 * @throws ModelJobError `InvalidArgument` for what is not compressed so, ends too early, or unpacks to other bytes than were
 *   packed; `ResourceLimit` where it asks for too much memory
 */
export function unpack(bytes: AsyncIterable<Buffer>, how: Compression, label: string): AsyncGenerator<Buffer> {
  return how === 'gzip' ? gunzip(bytes, label) : unzstd(bytes, label);
}

async function* gunzip(bytes: AsyncIterable<Buffer>, label: string): AsyncGenerator<Buffer> {
  const unpacking = zlib.createGunzip({ chunkSize });
  let read = 0;
  let filled = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const piece of bytes) {
      const last = piece.findLastIndex((byte) => byte !== 0);
      if (last !== -1) filled = read + last + 1;
      read += piece.length;
      yield piece;
    }
  }
  // A fault of the source comes out of the stream too.
  pipeline(Readable.from(counted()), unpacking, () => undefined);
  try {
    for await (const chunk of unpacking) yield chunk as Buffer;
    // Zeros fill up a last block; Node.js reads nothing behind them.
    if (filled > unpacking.bytesWritten) throw notWhole(label, 'data behind zeros');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw code.startsWith('Z_') ? notWhole(label, (error as Error).message) : error;
  }
}

function notWhole(label: string, problem: string): ModelJobError {
  return new ModelJobError('InvalidArgument', `${label} is no whole gzip file: ${problem}`);
}
