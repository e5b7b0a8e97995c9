import { createReadStream } from 'node:fs';

const newline = 0x0a;

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

/** The lines that hold anything, in groups as large as the pieces. */
export async function* linesIn(pieces: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  let rest: Buffer[] = [];
  for await (const piece of pieces) {
    const end = piece.lastIndexOf(newline);
    if (end === -1) {
      rest.push(piece);
      continue;
    }
    const text = Buffer.concat([...rest, piece.subarray(0, end)]).toString();
    rest = [piece.subarray(end + 1)];
    yield text.split('\n').filter(isFull);
  }
  const text = Buffer.concat(rest).toString();
  if (isFull(text)) yield [text];
}

function isFull(line: string): boolean {
  return line.trim() !== '';
}
