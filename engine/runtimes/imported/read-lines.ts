import type { FileHandle } from 'node:fs/promises';
import { ModelJobError } from '../../../planner/index.js';
import { createLineScanner } from '../../../system/files/line-scanner.js';
import { badByteIn } from '../../../system/files/utf8.js';

/** A line of a file that holds anything. */
export interface Line {
  /** From 1. */
  number: number;
  /** The byte of the file at which it begins. */
  start: number;
  bytes: Buffer;
}

/** The longest line that is read, in bytes. */
const maxLineBytes = 64 * 1024 * 1024;

/**
 * The lines of a file that hold anything, in groups as large as the file's chunks.
 *
 * @param onBytes called with each chunk, in order
 * @throws ModelJobError `ResourceLimit` for a line that is too long; the signal's reason
 */
export async function* readLines(
  file: FileHandle,
  { signal, onBytes }: { signal: AbortSignal; onBytes: (bytes: Buffer) => void },
): AsyncGenerator<Line[]> {
  let lines: Line[] = [];
  const scanner = createLineScanner((chunk, from, until, sizeBytes) => {
    const { line: number, start } = scanner;
    if (sizeBytes > until - from) throw tooLong(number, sizeBytes);
    lines.push({ number, start, bytes: chunk.subarray(from, until) });
  }, maxLineBytes);
  scanner.open();
  const stream = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20, signal });
  for await (const data of stream) {
    onBytes(data as Buffer);
    scanner.push(data as Buffer);
    yield lines;
    lines = [];
  }
  scanner.close();
  yield lines;
}

/** @throws ModelJobError `InvalidArgument` for bytes that are no UTF-8 */
export function textOf(bytes: Buffer): string {
  const text = bytes.toString();
  const bad = badByteIn(bytes, text);
  if (!bad) return text;
  throw new ModelJobError('InvalidArgument', `not UTF-8: byte ${bad.hex} at byte ${bad.place}`);
}

function tooLong(line: number, sizeBytes: number): ModelJobError {
  return new ModelJobError(
    'ResourceLimit',
    `options.predictions line ${line} has ${sizeBytes} bytes, more than a line may have (${maxLineBytes})`,
  );
}
