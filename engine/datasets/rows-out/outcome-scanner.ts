import { isSoundError } from '../shards/row-line.js';

const newline = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const closing = 0x7d;
const backslash = 0x5c;
const indexKey = Buffer.from('{"index":');
const idKey = Buffer.from('"custom_id":"');
const errorKey = Buffer.from('"error":');
const outputKey = Buffer.from('"output":');

/** What a run of lines is: outputs or errors. */
export type OutcomeKind = 'output' | 'error';

/** Told of lines of one kind that follow each other, line breaks included. */
export type OnLines = (kind: OutcomeKind, lines: Buffer, count: number) => void;

/** Tells outputs from errors in the bytes of a shard, by how its lines begin; outputs are not parsed. */
export interface OutcomeScanner {
  /** Begins with a shard, whose first line is that of this row. */
  open(firstRow: number): void;
  push(chunk: Buffer): void;
  /** Ends the shard: how many rows it held, or undefined when they are not one line for each row, in order. */
  close(): number | undefined;
}

/** Opens a scanner; it stops calling `onLines` at the first line that is not the next row's. */
export function createOutcomeScanner(onLines: OnLines): OutcomeScanner {
  let rest: Buffer | undefined;
  let row = 0;
  let firstRow = 0;
  let isSound = true;
  return {
    open(first) {
      firstRow = row = first;
      rest = undefined;
      isSound = true;
    },
    push(piece) {
      const chunk = rest ? Buffer.concat([rest, piece]) : piece;
      let runStart = 0;
      let runKind: OutcomeKind = 'output';
      let runRows = 0;
      let from = 0;
      for (let until = chunk.indexOf(newline); until !== -1 && isSound; until = chunk.indexOf(newline, from)) {
        const afterIndex = endOfIndex(chunk, from, row);
        const kind = afterIndex === -1 ? undefined : kindOf(chunk, from, afterIndex, until);
        isSound = kind !== undefined;
        if (kind === undefined) break;
        if (kind !== runKind) {
          if (runRows > 0) onLines(runKind, chunk.subarray(runStart, from), runRows);
          [runStart, runKind, runRows] = [from, kind, 0];
        }
        runRows += 1;
        row += 1;
        from = until + 1;
      }
      if (runRows > 0) onLines(runKind, chunk.subarray(runStart, from), runRows);
      rest = from < chunk.length ? chunk.subarray(from) : undefined;
    },
    close: () => (isSound && rest === undefined ? row - firstRow : undefined),
  };
}

/** Where `{"index":N,` ends, or -1 when N is not this row. */
function endOfIndex(chunk: Buffer, from: number, row: number): number {
  if (!isAt(chunk, from, indexKey)) return -1;
  let at = from + indexKey.length;
  let index = 0;
  for (let digit = chunk[at] ?? 0; digit >= 0x30 && digit <= 0x39; digit = chunk[++at] ?? 0) {
    index = index * 10 + digit - 0x30;
  }
  return index === row && chunk[at] === comma && chunk[at + 1] === quote ? at + 1 : -1;
}

/**
 * What a line is, by the key after its index, or after its `custom_id`; undefined for none. An error is read; of an
 * output, which is not, it is seen that it is there and closed.
 */
function kindOf(chunk: Buffer, from: number, afterIndex: number, until: number): OutcomeKind | undefined {
  const at = afterId(chunk, afterIndex, until);
  if (isAt(chunk, at, errorKey)) return isSoundError(chunk.toString('utf8', from, until)) ? 'error' : undefined;
  const output = isAt(chunk, at, outputKey) ? at : chunk.indexOf(outputKey, at);
  return output !== -1 && output < until && chunk[until - 1] === closing ? 'output' : undefined;
}

/** Where the key after a `custom_id` begins; `from` where there is none. */
function afterId(chunk: Buffer, from: number, until: number): number {
  if (!isAt(chunk, from, idKey)) return from;
  let at = from + idKey.length;
  while (at < until && chunk[at] !== quote) at += chunk[at] === backslash ? 2 : 1;
  return at + 2;
}

function isAt(chunk: Buffer, from: number, bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) if (chunk[from + at] !== bytes[at]) return false;
  return true;
}
