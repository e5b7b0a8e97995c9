import { Duplex, pipeline, Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { Decompress } from 'fzstd';

/** What undoes each content coding (RFC 9110, 8.4.1; RFC 8878). */
const decoders: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: openInflate,
  br: createBrotliDecompress,
  zstd: openUnzstd,
};

/** Codings in the order of their application. What is none, as `aws-chunked` or `utf-8` of some servers, changes no byte. */
export function codingsIn(header: string | undefined): string[] {
  const names = (header ?? '').split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => Object.hasOwn(decoders, name));
}

/** A body without its codings. */
export function decoded(body: Readable, codings: readonly string[]): Readable {
  const steps = [...codings].reverse().flatMap((name) => decoders[name]?.() ?? []);
  return steps.reduce(through, body);
}

/** What fails, or is let go of, on one side ends the other one too. */
function through(source: Readable, step: Duplex): Readable {
  return pipeline(source, step, () => undefined);
}

/** Some servers send what `deflate` names without the zlib header around it (RFC 9110, 8.4.1.2). */
function openInflate(): Duplex {
  return Duplex.from(async function* inflate(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const chunks = source[Symbol.asyncIterator]();
    const first = await chunks.next();
    if (first.done) return;
    const all = (async function* again(): AsyncGenerator<Buffer> {
      yield first.value;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    })();
    const hasHeader = ((first.value[0] ?? 0) & 0x0f) === 8;
    yield* through(Readable.from(all), hasHeader ? createInflate() : createInflateRaw()) as AsyncIterable<Buffer>;
  });
}

function openUnzstd(): Duplex {
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      push(chunk, false, done);
    },
    flush(done) {
      push(Buffer.alloc(0), true, done);
    },
  });
  const zstd = new Decompress((bytes) => void stream.push(bytes));
  const push = (chunk: Buffer, isLast: boolean, done: (error?: Error) => void): void => {
    try {
      zstd.push(chunk, isLast);
      done();
    } catch (error) {
      done(error as Error);
    }
  };
  return stream;
}
