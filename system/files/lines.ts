import { createReadStream } from 'node:fs';
import { createLineScanner } from './line-scanner.js';

/** Bytes that are read from a file at once. */
const readBytes = 1 << 18;

/**
 * The lines of a file that hold anything, as text, in groups as large as what is read at once. `node:readline` would
 * wait for ever on a stream that is aborted.
 *
 * @throws the signal's reason; errors of the file system
 */
export async function* linesOf(path: string, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<string[]> {
  yield* linesIn(createReadStream(path, { highWaterMark: readBytes, ...(signal && { signal }) }));
}

/** The lines that hold anything, as text, in groups as large as the pieces. */
export async function* linesIn(pieces: AsyncIterable<unknown>): AsyncGenerator<string[]> {
  let lines: string[] = [];
  const scanner = createLineScanner((chunk, from, until) => lines.push(chunk.toString('utf8', from, until)), Infinity);
  scanner.open();
  for await (const piece of pieces) {
    scanner.push(piece as Buffer);
    if (lines.length > 0) yield lines;
    lines = [];
  }
  scanner.close();
  if (lines.length > 0) yield lines;
}
