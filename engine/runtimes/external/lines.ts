import type { Readable } from 'node:stream';
import { createLineScanner } from '../../../system/files/line-scanner.js';
import { badByteIn } from '../../../system/files/utf8.js';

export interface LineOptions {
  /** The longest line, in bytes. */
  maxBytes: number;
  /**
   * What a line is read for: `protocol` is held to UTF-8 and to its length, `words` for people are shown as they are, a
   * long line in pieces.
   */
  as: 'protocol' | 'words';
}

/**
 * The lines of a stream as text, without those that hold nothing; reads no further than it is asked to.
 *
 * @throws Error that says what was printed
 */
export async function* linesOf(stream: Readable, { maxBytes, as }: LineOptions): AsyncGenerator<string, undefined> {
  const isProtocol = as === 'protocol';
  let lines: (() => string)[] = [];
  const scanner = createLineScanner(
    (chunk, from, until, sizeBytes) => {
      const bytes = chunk.subarray(from, until);
      lines.push(() => (isProtocol ? strictText(bytes, sizeBytes, maxBytes) : bytes.toString()));
    },
    isProtocol ? maxBytes : Infinity,
  );
  scanner.open();
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    scanner.push(chunk);
    yield* take();
    if (scanner.heldBytes <= maxBytes) continue;
    if (isProtocol) throw tooLong(maxBytes);
    scanner.close();
    yield* take();
  }
  scanner.close();
  yield* take();
  return undefined;

  function* take(): Generator<string> {
    const taken = lines;
    lines = [];
    for (const text of taken) yield text();
  }
}

function strictText(bytes: Buffer, sizeBytes: number, maxBytes: number): string {
  if (sizeBytes > bytes.length) throw tooLong(maxBytes);
  const text = bytes.toString();
  const bad = badByteIn(bytes, text);
  if (bad) throw new Error(`printed a line that is not UTF-8: byte ${bad.hex} at byte ${bad.place}`);
  return text;
}

function tooLong(maxBytes: number): Error {
  return new Error(`printed a line of more than ${maxBytes} bytes`);
}
