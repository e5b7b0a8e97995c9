import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { openLogFiles } from './log-files.js';
import { OutputTail } from './output-tail.js';

/** How much of a program's output a result holds itself, in bytes; the whole is in the logs. */
export const maxInlineOutput = 64 * 1024;

/** Bytes that wait for the disk before the program has to, and those of a line that are shown. */
const waitingBytes = 1 << 20;
const lineBytes = 800;

/** A program's output: all of it in logs, its last part in memory. */
export interface CapturedOutput {
  stream: Writable;
  /** The last {@link maxInlineOutput} bytes as text, or all where there is no more. */
  text(): string;
  /** Whether the text is a part only. */
  isCut(): boolean;
  /** Bytes in all. */
  size(): number;
  /** The logs' names in the folder, in the order of the output. */
  logs(): string[];
  /** Resolves when the logs are whole. */
  done: Promise<void>;
}

/** Captures what is written to `stream` into `{name}.log` of a folder, and further ones where that is full. */
export function captureOutput(folder: string, name: string, onLine: (line: string) => void): CapturedOutput {
  const files = openLogFiles(folder, name);
  const tail = new OutputTail(maxInlineOutput);
  const take = (chunks: readonly Buffer[], done: (error?: Error) => void): void => {
    for (const chunk of chunks) tail.add(chunk);
    const line = lastLine(chunks.at(-1));
    if (line) onLine(line);
    files.write(chunks).then(() => done(), done);
  };
  const stream = new Writable({
    highWaterMark: waitingBytes,
    write: (chunk: Buffer, _encoding, done) => take([chunk], done),
    writev: (waiting, done) =>
      take(
        waiting.map(({ chunk }) => chunk as Buffer),
        done,
      ),
    final: (done) => void files.close().then(() => done(), done),
  });
  return {
    stream,
    text: () => tail.text(),
    isCut: () => tail.isCut,
    size: () => tail.size,
    logs: () => files.names(),
    done: finished(stream),
  };
}

function lastLine(chunk: Buffer | undefined): string | undefined {
  return chunk?.subarray(-lineBytes).toString('utf8').trimEnd().split('\n').at(-1)?.slice(-200);
}
