import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { ModelJobError } from '../../../../planner/index.js';
import type { Compression } from '../formats.js';

/** Bytes that come out at once. */
const chunkSize = 1 << 18;

/** Bytes that are unpacked in one go: others have their turn in between. */
const turnBytes = 1 << 16;

/** Node.js has zstd of its own since 22.15; it is faster, and checks the checksums. */
const { createZstdDecompress } = zlib as typeof zlib & {
  createZstdDecompress?: (options: { chunkSize: number; params: Record<number, number> }) => Transform;
};

/**
 * The bytes of a file that is compressed as a whole.
 *
 * @param label the file's name, for messages
 * @throws ModelJobError `InvalidArgument` for what is not compressed so, or ends too early
 */
export function unpack(bytes: AsyncIterable<Buffer>, how: Compression, label: string): AsyncGenerator<Buffer> {
  if (how === 'gzip') return throughStream(bytes, zlib.createGunzip({ chunkSize }), how, label);
  if (!createZstdDecompress) return unzstd(bytes, label);
  return throughStream(bytes, createZstdDecompress({ chunkSize, params: {} }), how, label);
}

async function* throughStream(
  bytes: AsyncIterable<Buffer>,
  unpacking: Transform,
  how: Compression,
  label: string,
): AsyncGenerator<Buffer> {
  // A fault of the source comes out of the stream too.
  pipeline(Readable.from(bytes), unpacking, () => undefined);
  try {
    for await (const chunk of unpacking) yield chunk as Buffer;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw /^(?:Z_|ZSTD_)|ERR_ZSTD/.test(code) ? notWhole(label, how, error as Error) : error;
  }
}

/** Holds as much as the frame's window asks for. */
async function* unzstd(bytes: AsyncIterable<Buffer>, label: string): AsyncGenerator<Buffer> {
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

function notWhole(label: string, how: Compression, { message }: Error): ModelJobError {
  return new ModelJobError('InvalidArgument', `${label} is no whole ${how} file: ${message}`);
}
