import { createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';

/** How much of a program's output a result holds itself, in bytes; the whole is in the file. */
export const maxInlineOutput = 64 * 1024;

/** A program's output: all of it in a file, its last part in memory. */
export interface CapturedOutput {
  stream: PassThrough;
  /** The last {@link maxInlineOutput} bytes as text, or all where there is no more. */
  text(): string;
  /** Bytes in all. */
  size(): number;
  /** Resolves when the file is whole. */
  done: Promise<void>;
}

/** Captures what is written to `stream` into the file `path`. */
export function captureOutput(path: string, onLine: (line: string) => void): CapturedOutput {
  const stream = new PassThrough();
  const file = createWriteStream(path);
  let tail = Buffer.alloc(0);
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    tail = Buffer.concat([tail, chunk]);
    if (tail.length > maxInlineOutput) tail = tail.subarray(tail.length - maxInlineOutput);
    const line = lastLine(chunk);
    if (line) onLine(line);
  });
  stream.pipe(file);
  return { stream, text: () => tail.toString('utf8'), size: () => size, done: finished(file) };
}

function lastLine(chunk: Buffer): string | undefined {
  return chunk.toString('utf8').trimEnd().split('\n').at(-1)?.slice(0, 200);
}
