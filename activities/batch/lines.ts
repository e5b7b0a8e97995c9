import { createReadStream } from 'node:fs';

/** What part of a file to read. */
export interface LineRange {
  /** Byte offsets; `end` is not included. */
  start?: number;
  end?: number;
  signal?: AbortSignal;
}

/**
 * The lines of a file that hold anything, in groups as large as the file's chunks. `node:readline` would wait for ever
 * on a stream that is aborted.
 *
 * @throws the signal's reason; errors of the file system
 */
export async function* linesOf(path: string, { start = 0, end, signal }: LineRange = {}): AsyncGenerator<string[]> {
  if (end === start) return;
  const last = end === undefined ? {} : { end: end - 1 };
  const stream = createReadStream(path, { start, ...last, signal, encoding: 'utf8', highWaterMark: 1 << 18 });
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop() ?? '';
    yield lines.filter((line) => line.trim() !== '');
  }
  if (rest.trim() !== '') yield [rest];
}
