const newline = 0x0a;
const quote = 0x22;
const backslash = 0x5c;
const indexKey = Buffer.from('{"index":');
const idKey = Buffer.from('"custom_id":"');
const errorKey = Buffer.from('"error":');

/** What a run of lines is: outputs or errors. */
export type OutcomeKind = 'output' | 'error';

/** Told of lines of one kind that follow each other, line breaks included. */
export type OnLines = (kind: OutcomeKind, lines: Buffer, count: number) => void;

/** Tells outputs from errors in the bytes of a shard, by how its lines begin; nothing is parsed. */
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
        isSound = afterIndex !== -1;
        if (!isSound) break;
        const kind = isErrorAfter(chunk, afterIndex, until) ? 'error' : 'output';
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
  return index === row ? at + 1 : -1;
}

/** Whether the next key is `error`, or the one after a `custom_id`. */
function isErrorAfter(chunk: Buffer, from: number, until: number): boolean {
  if (!isAt(chunk, from, idKey)) return isAt(chunk, from, errorKey);
  let at = from + idKey.length;
  while (at < until && chunk[at] !== quote) at += chunk[at] === backslash ? 2 : 1;
  return isAt(chunk, at + 2, errorKey);
}

function isAt(chunk: Buffer, from: number, bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) if (chunk[from + at] !== bytes[at]) return false;
  return true;
}
