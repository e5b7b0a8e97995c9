/** Some programs begin a file with a byte order mark; it is no part of the first row. */
const mark = Buffer.from([0xef, 0xbb, 0xbf]);

/** The first bytes of a file, `count` of them or all, and all of its bytes. */
export async function peek(
  bytes: AsyncIterable<Buffer>,
  count: number,
): Promise<{ head: Buffer; all: AsyncGenerator<Buffer> }> {
  const source = bytes[Symbol.asyncIterator]();
  const pieces: Buffer[] = [];
  for (let size = 0; size < count;) {
    const next: IteratorResult<Buffer, unknown> = await source.next();
    if (next.done) break;
    pieces.push(next.value);
    size += next.value.length;
  }
  return { head: Buffer.concat(pieces).subarray(0, count), all: goOn(pieces, source) };
}

async function* goOn(pieces: readonly Buffer[], source: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* pieces;
    for (;;) {
      const next: IteratorResult<Buffer, unknown> = await source.next();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await source.return?.();
  }
}

/** The bytes of a text in UTF-8 without its byte order mark. */
export async function* withoutMark(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { head, all } = await peek(bytes, mark.length);
  let left = head.equals(mark) ? mark.length : 0;
  for await (const piece of all) {
    const skipped = Math.min(left, piece.length);
    left -= skipped;
    if (skipped < piece.length) yield piece.subarray(skipped);
  }
}
