/** Takes the bytes of a stream in the sizes that are asked for. */
export interface ByteReader {
  /** The next bytes: so many, or fewer where the stream ends. */
  take(count: number): Promise<Buffer>;
  /** Leaves so many bytes out. Returns how many there were. */
  skip(count: number): Promise<number>;
  /** Nobody needs the rest. */
  close(): Promise<void>;
}

export function createByteReader(bytes: AsyncIterable<Buffer>): ByteReader {
  const source = bytes[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    const next: IteratorResult<Buffer, unknown> = await source.next();
    if (next.done) return false;
    rest = next.value;
    return true;
  }

  function takeOfRest(count: number): Buffer {
    const taken = rest.subarray(0, count);
    rest = rest.subarray(taken.length);
    return taken;
  }

  return {
    async take(count) {
      if (count <= rest.length) return takeOfRest(count);
      const pieces: Buffer[] = [];
      for (let left = count; left > 0;) {
        if (rest.length === 0 && !(await more())) break;
        const piece = takeOfRest(left);
        pieces.push(piece);
        left -= piece.length;
      }
      return Buffer.concat(pieces);
    },
    async skip(count) {
      let skipped = 0;
      while (skipped < count) {
        if (rest.length === 0 && !(await more())) break;
        skipped += takeOfRest(count - skipped).length;
      }
      return skipped;
    },
    async close() {
      await source.return?.();
    },
  };
}
