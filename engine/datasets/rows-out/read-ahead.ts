/** Files that are opened before their turn: each answer of a server takes a while to begin. */
const ahead = 4;

/** Files that are read one after the other, while the next ones begin already. */
export interface ReadAhead {
  /** A file's bytes; files are asked for in order, each once. */
  read(file: number): AsyncGenerator<Buffer>;
  /** Closes what has begun and was not read. */
  close(): Promise<void>;
}

/** Reads `count` files ahead. */
export function readAhead(count: number, open: (file: number) => AsyncGenerator<Buffer>): ReadAhead {
  const begun = new Map<number, Begun>();
  return {
    read(file) {
      for (let next = file; next < Math.min(file + ahead, count); next++) {
        if (!begun.has(next)) begun.set(next, begin(open(next)));
      }
      const reading = begun.get(file) ?? begin(open(file));
      begun.delete(file);
      return goOn(reading);
    },
    async close() {
      await Promise.all([...begun.values()].map(({ bytes }) => bytes.return(undefined)));
    },
  };
}

interface Begun {
  bytes: AsyncGenerator<Buffer>;
  first: Promise<IteratorResult<Buffer, unknown>>;
}

function begin(bytes: AsyncGenerator<Buffer>): Begun {
  const first = bytes.next();
  // It may fail before its turn.
  first.catch(() => undefined);
  return { bytes, first };
}

async function* goOn({ bytes, first }: Begun): AsyncGenerator<Buffer> {
  const { done, value } = await first;
  if (done) return;
  yield value;
  yield* bytes;
}
