const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;

/** How a table's text is cut, by ASCII codes. */
export interface Dialect {
  delimiter: number;
  /** Undefined where values are never quoted. */
  quote: number | undefined;
}

/** What a table is read by. */
export interface TableFile extends Dialect {
  /** Whether the request names the delimiter: then it is not doubted. */
  isNamed: boolean;
  /** The file's name, for messages. */
  label: string;
}

/** A record of a table. */
export interface TableRecord {
  /** Its values one behind the other, without quotes; valid until the next record. */
  bytes: Buffer;
  /** Where each value ends in `bytes`. */
  ends: readonly number[];
  /** The line on which it begins, from 1. */
  line: number;
  /** The bytes of all values; `bytes` is empty for a record that is too long. */
  sizeBytes: number;
}

/** Cuts the bytes of a table into records, as they come. */
export interface RecordScanner {
  push(piece: Buffer): void;
  /** Ends the file. Returns the line of a quote that is never closed, undefined when all is well. */
  close(): number | undefined;
}

/**
 * Where in a record the next byte is. `blank`: behind spaces at its beginning, which are no record if nothing else
 * follows. `closing`: behind a quote within quotes, which ends them or is the first of two that mean one. `lineEnd`:
 * behind a carriage return that ended it, to which a line feed belongs.
 */
type State = 'start' | 'blank' | 'value' | 'field' | 'quoted' | 'closing' | 'lineEnd';

/**
 * Reads records as the C parser of pandas does (`tokenizer.c`): a quote counts at the beginning of a value alone, text
 * behind the closing quote belongs to the value, records end with LF, CR LF or CR, and a line of nothing but spaces and
 * tabs is none.
 *
 * @param mostBytes the longest record that is kept
 */
export function createRecordScanner(
  { delimiter, quote }: Dialect,
  onRecord: (record: TableRecord) => void,
  mostBytes: number,
): RecordScanner {
  let bytes: Buffer = Buffer.allocUnsafe(1 << 12);
  let used = 0;
  let sizeBytes = 0;
  let ends: number[] = [];
  let state: State = 'start';
  let line = 1;
  let recordLine = 1;
  let quoteLine = 1;

  function keep(piece: Buffer, from: number, until: number): void {
    const count = until - from;
    sizeBytes += count;
    if (sizeBytes > mostBytes) {
      used = 0;
      return;
    }
    if (used + count > bytes.length) bytes = larger(bytes, used, used + count);
    if (count > 32) piece.copy(bytes, used, from, until);
    else for (let at = 0; at < count; at++) bytes[used + at] = piece[from + at] ?? 0;
    used += count;
  }

  function endRecord(): void {
    ends.push(used);
    onRecord({ bytes: bytes.subarray(0, used), ends, line: recordLine, sizeBytes });
    forget();
  }

  function forget(): void {
    used = 0;
    sizeBytes = 0;
    ends = [];
  }

  /** Keeps what is plain text in this state; returns where something else begins. */
  function keepRun(piece: Buffer, from: number): number {
    let at = from;
    if (state === 'quoted') while (at < piece.length && piece[at] !== quote && piece[at] !== lineFeed) at++;
    else
      while (at < piece.length && piece[at] !== delimiter && piece[at] !== lineFeed && piece[at] !== carriageReturn) {
        at++;
      }
    if (at > from) keep(piece, from, at);
    return at;
  }

  /** What a byte means that ends a value, or that begins one. */
  function take(piece: Buffer, at: number): State {
    const byte = piece[at];
    if (byte === delimiter) {
      ends.push(used);
      return 'value';
    }
    if (byte === lineFeed || byte === carriageReturn) {
      endRecord();
      if (byte === carriageReturn) return 'lineEnd';
      line += 1;
      return 'start';
    }
    if (byte === quote && state === 'value') {
      quoteLine = line;
      return 'quoted';
    }
    keep(piece, at, at + 1);
    return 'field';
  }

  function takeFirst(piece: Buffer, at: number): State {
    const byte = piece[at];
    recordLine = line;
    if (byte === lineFeed) line += 1;
    if (byte === lineFeed) return 'start';
    if (byte === carriageReturn) return 'lineEnd';
    if ((byte === space || byte === tab) && byte !== delimiter) {
      keep(piece, at, at + 1);
      return 'blank';
    }
    state = 'value';
    return take(piece, at);
  }

  function takeBlank(piece: Buffer, at: number): State {
    const byte = piece[at];
    if (byte === lineFeed || byte === carriageReturn) {
      forget();
      return takeFirst(piece, at);
    }
    if ((byte !== space && byte !== tab) || byte === delimiter) return take(piece, at);
    keep(piece, at, at + 1);
    return 'blank';
  }

  function takeQuoted(piece: Buffer, at: number): State {
    if (piece[at] === quote) return 'closing';
    line += 1;
    keep(piece, at, at + 1);
    return 'quoted';
  }

  function takeClosing(piece: Buffer, at: number): State {
    if (piece[at] !== quote) return take(piece, at);
    keep(piece, at, at + 1);
    return 'quoted';
  }

  function takeLineEnd(piece: Buffer, at: number): State {
    line += 1;
    return piece[at] === lineFeed ? 'start' : takeFirst(piece, at);
  }

  const takers = {
    start: takeFirst,
    blank: takeBlank,
    value: take,
    field: take,
    quoted: takeQuoted,
    closing: takeClosing,
    lineEnd: takeLineEnd,
  };

  return {
    push(piece) {
      for (let at = 0; at < piece.length; at++) {
        if (state === 'field' || state === 'quoted') at = keepRun(piece, at);
        if (at < piece.length) state = takers[state](piece, at);
      }
    },
    close() {
      if (state === 'quoted') return quoteLine;
      if (state !== 'start' && state !== 'blank' && state !== 'lineEnd') endRecord();
      return undefined;
    },
  };
}

function larger(bytes: Buffer, used: number, wanted: number): Buffer {
  const grown = Buffer.allocUnsafe(Math.max(wanted, bytes.length * 2));
  bytes.copy(grown, 0, 0, used);
  return grown;
}
