import { ModelJobError } from '../../../planner/index.js';

const newline = 0x0a;

/** The longest row, in bytes: lines are held in memory as a whole. */
const mostRowBytes = 64 << 20;

/** Told of each line that holds anything: its bytes are `chunk[from…until]`, `end` is where they end in the file. */
export type OnRow = (chunk: Buffer, from: number, until: number, end: number) => void;

/** Cuts the bytes of a file into lines, as they come. */
export interface LineScanner {
  /** The number of the line that was told of last, from 1. */
  readonly line: number;
  /** Begins with a file: the next byte is its byte `at`, and the next line its line `line`. */
  open(label: string, at?: number, line?: number): void;
  push(chunk: Buffer): void;
  /** Ends the file: its last line may have no line break. */
  close(): void;
}

/** @throws ModelJobError `ResourceLimit` for a row of more than 64 MB */
export function createLineScanner(onRow: OnRow): LineScanner {
  let label = '';
  let rest: Buffer | undefined;
  /** Where `rest`, or else the next chunk, begins in the file. */
  let at = 0;
  let line = 0;
  const scanner: LineScanner = {
    get line() {
      return line;
    },
    open(name, start = 0, first = 1) {
      label = name;
      rest = undefined;
      at = start;
      line = first - 1;
    },
    push(piece) {
      const chunk = rest ? Buffer.concat([rest, piece]) : piece;
      let from = at === 0 ? markLength(chunk) : 0;
      for (let until = chunk.indexOf(newline, from); until !== -1; until = chunk.indexOf(newline, from)) {
        line += 1;
        if (!isBlank(chunk, from, until)) onRow(chunk, from, until, at + until);
        from = until + 1;
      }
      rest = from < chunk.length ? chunk.subarray(from) : undefined;
      at += from;
      if (rest && rest.length > mostRowBytes) throw tooLong(label, line + 1);
    },
    close() {
      if (!rest) return;
      line += 1;
      if (!isBlank(rest, 0, rest.length)) onRow(rest, 0, rest.length, at + rest.length);
      rest = undefined;
    },
  };
  return scanner;
}

/** Some programs begin a file with a byte order mark; it is no part of the first row. */
function markLength(chunk: Buffer): number {
  return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0;
}

function isBlank(chunk: Buffer, from: number, until: number): boolean {
  for (let index = from; index < until; index++) {
    const byte = chunk[index];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}

function tooLong(label: string, line: number): ModelJobError {
  return new ModelJobError(
    'ResourceLimit',
    `${label}:${line} has more than ${mostRowBytes >> 20} MB, which is the most that a row may have`,
  );
}
