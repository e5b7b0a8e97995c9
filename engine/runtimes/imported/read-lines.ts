import type { FileHandle } from 'node:fs/promises';
import { ModelJobError } from '../../../planner/index.js';

/** A line of a file, its line break not included, and the offset at which it begins, in bytes. */
export interface Line {
  start: number;
  text: string;
}

/** The longest line that is read, in bytes. */
const maxLineBytes = 64 * 1024 * 1024;

const newline = 0x0a;

/**
 * All lines of a file, empty ones too, in groups as large as the file's chunks.
 *
 * @param onBytes called with each chunk, in order
 * @throws ModelJobError `ResourceLimit` for a line that is too long; the signal's reason
 */
export async function* readLines(
  file: FileHandle,
  { signal, onBytes }: { signal: AbortSignal; onBytes: (bytes: Buffer) => void },
): AsyncGenerator<Line[]> {
  let at = 0;
  let rest: Buffer[] = [];
  let restBytes = 0;
  const stream = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20, signal });
  for await (const data of stream) {
    const chunk = data as Buffer;
    onBytes(chunk);
    const lines: Line[] = [];
    let from = 0;
    for (let found = chunk.indexOf(newline); found !== -1; found = chunk.indexOf(newline, from)) {
      const bytes =
        rest.length > 0 ? Buffer.concat([...rest, chunk.subarray(from, found)]) : chunk.subarray(from, found);
      lines.push({ start: at + from - restBytes, text: bytes.toString('utf8') });
      from = found + 1;
      rest = [];
      restBytes = 0;
    }
    rest.push(chunk.subarray(from));
    restBytes += chunk.length - from;
    at += chunk.length;
    if (restBytes > maxLineBytes) throw tooLong(at - restBytes);
    yield lines;
  }
  if (restBytes > 0) yield [{ start: at - restBytes, text: Buffer.concat(rest).toString('utf8') }];
}

function tooLong(start: number): ModelJobError {
  return new ModelJobError('ResourceLimit', `the line at byte ${start} is longer than ${maxLineBytes} bytes`);
}
