import { pipeline, Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { ModelJobError } from '../../../../planner/index.js';
import type { Compression } from '../formats.js';
import { peek } from './peek.js';

/** Bytes that come out at once. */
const chunkSize = 1 << 18;

/** Bytes that are unpacked in one go: others have their turn in between. */
const turnBytes = 1 << 16;

/** The largest window that a frame may ask for, in bytes: what `zstd` itself takes without `--long`. */
const mostWindow = 1 << 27;

/** Where a frame names its window. */
const headerBytes = 6;

/**
 * The bytes of a file that is compressed as a whole.
 *
 * @param label the file's name, for messages
 * @throws ModelJobError `InvalidArgument` for what is not compressed so, or ends too early
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
    if (filled > unpacking.bytesWritten) throw notWhole(label, 'gzip', new Error('data behind zeros'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw code.startsWith('Z_') ? notWhole(label, 'gzip', error as Error) : error;
  }
}

/**
 * Holds as much as the frame's window asks for. Node's own, where it has one, stops behind the first frame and takes a
 * file that ends too early for a whole one (seen in 22.23).
 */
async function* unzstd(packed: AsyncIterable<Buffer>, label: string): AsyncGenerator<Buffer> {
  const { head, all: bytes } = await peek(packed, headerBytes);
  if (head.length === 0) throw notWhole(label, 'zstd', new Error('it is empty'));
  const window = windowOf(head);
  if (window > mostWindow) {
    const message = `${label} asks for a window of ${window} bytes, more than is given (${mostWindow}): pack it without --long`;
    throw new ModelJobError('ResourceLimit', message);
  }
  const unpacked: Buffer[] = [];
  const decompress = new Decompress((chunk) => {
    if (chunk.length > 0) unpacked.push(Buffer.from(chunk));
  });
  const push = (piece: Uint8Array, isLast = false): void => {
    try {
      decompress.push(piece, isLast);
    } catch (error) {
      throw notWhole(label, 'zstd', error as Error);
    }
  };
  for await (const piece of bytes) {
    for (let from = 0; from < piece.length; from += turnBytes) {
      push(piece.subarray(from, from + turnBytes));
      yield* unpacked.splice(0);
    }
  }
  push(new Uint8Array(0), true);
  yield* unpacked;
}

/** The window of a file's first frame (RFC 8878, section 3.1.1.1); 0 where its header names none. */
function windowOf(head: Buffer): number {
  const isSingle = ((head[4] ?? 0) & 0x20) !== 0;
  if (head.length < headerBytes || head.readUInt32LE(0) !== 0xfd2fb528 || isSingle) return 0;
  const [exponent, mantissa] = [(head[5] ?? 0) >> 3, (head[5] ?? 0) & 7];
  return 2 ** (10 + exponent) * (1 + mantissa / 8);
}

function notWhole(label: string, how: Compression, { message }: Error): ModelJobError {
  return new ModelJobError('InvalidArgument', `${label} is no whole ${how} file: ${message}`);
}
