import { pipeline, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createGzip } from 'node:zlib';

/** A body on its way: chunks in order, each of which holds until the next one is asked for. */
export type Chunks = AsyncIterable<Uint8Array>;

/** Inverts the byte at `offset` of the file; the chunks begin at `start`. */
export async function* flipByte(chunks: Chunks, start: number, offset: number): AsyncGenerator<Uint8Array> {
  let at = start;
  for await (const chunk of chunks) {
    const index = offset - at;
    at += chunk.length;
    yield index >= 0 && index < chunk.length ? withFlipped(chunk, index) : chunk;
  }
}

/** A copy, since the chunk may be shared with others. */
function withFlipped(chunk: Uint8Array, index: number): Uint8Array {
  const copy = Uint8Array.from(chunk);
  copy[index] = ~copy[index]!;
  return copy;
}

/** Ends after so many bytes. */
export async function* take(chunks: Chunks, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of chunks) {
    if (left > 0) {
      yield chunk.subarray(0, left);
    }
    left -= chunk.length;
    if (left <= 0) {
      return;
    }
  }
}

/** Waits once, as soon as so many bytes have passed; for ever without a time. */
export async function* pauseAfter(
  chunks: Chunks,
  bytes: number,
  forMs: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const chunk of chunks) {
    const index = bytes - passed;
    passed += chunk.length;
    if (index < 0 || index >= chunk.length) {
      yield chunk;
      continue;
    }
    yield chunk.subarray(0, index);
    await pause(forMs, signal);
    yield chunk.subarray(index);
  }
}

/** Waits so long, or for ever; ends with an `AbortError` when the signal comes. */
export async function pause(forMs: number | undefined, signal: AbortSignal): Promise<void> {
  do {
    await delay(forMs ?? 60_000, undefined, { signal });
  } while (forMs === undefined);
}

const piecesPerSecond = 50;

/** Lets no more than so many bytes pass in a second, in small pieces. */
export async function* throttle(
  chunks: Chunks,
  bytesPerSecond: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const pieceBytes = Math.max(Math.floor(bytesPerSecond / piecesPerSecond), 1);
  const startedAt = performance.now();
  let passed = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const piece = chunk.subarray(at, at + pieceBytes);
      passed += piece.length;
      const due = startedAt + (passed / bytesPerSecond) * 1000;
      await delay(Math.max(due - performance.now(), 0), undefined, { signal });
      yield piece;
    }
  }
}

/** Compresses as gzip. */
export function gzip(chunks: Chunks): Chunks {
  const compressor = createGzip();
  // The error of a broken source reaches the reader through the compressor.
  pipeline(Readable.from(copies(chunks)), compressor, () => undefined);
  return compressor;
}

/** The compressor asks for more than it has compressed. */
async function* copies(chunks: Chunks): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Uint8Array.from(chunk);
}
