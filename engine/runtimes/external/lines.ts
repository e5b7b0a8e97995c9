import type { Readable } from 'node:stream';

export interface LineOptions {
  /** The longest line, in bytes. */
  maxBytes: number;
  /** What becomes of a longer one: it is cut to pieces, or the error that ends the reading. */
  tooLong: 'cut' | (() => Error);
}

const newLine = 0x0a;

/** The lines of a stream as text, without their ends; reads no further than it is asked to. */
export async function* linesOf(
  stream: Readable,
  { maxBytes, tooLong }: LineOptions,
): AsyncGenerator<string, undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  const take = (last: Buffer): string => {
    const line = Buffer.concat([...parts, last]).toString('utf8');
    parts = [];
    size = 0;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(newLine); end >= 0; end = chunk.indexOf(newLine, start)) {
      if (size + end - start > maxBytes && tooLong !== 'cut') throw tooLong();
      yield take(chunk.subarray(start, end));
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size <= maxBytes) continue;
    if (tooLong !== 'cut') throw tooLong();
    yield take(Buffer.alloc(0));
  }
  if (size > 0) yield take(Buffer.alloc(0));
  return undefined;
}
