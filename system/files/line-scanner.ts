const newline = 0x0a;

/** What is kept of a line that is too long, in bytes: enough to tell which one it is. */
const headBytes = 1 << 16;

/**
 * Told of each line that holds anything: its bytes are `chunk[from…until]`, without the line break. A line longer than
 * allowed has more bytes (`sizeBytes`) than are given.
 */
export type OnLine = (chunk: Buffer, from: number, until: number, sizeBytes: number) => void;

/** Cuts the bytes of a file into lines, as they come. */
export interface LineScanner {
  /** The number of the line that was told of last, from 1; lines that hold nothing count too. */
  readonly line: number;
  /** The byte of the file at which it begins. */
  readonly start: number;
  /** The byte at which the line behind it begins. */
  readonly next: number;
  /** The bytes that have come of the line which has not ended. */
  readonly heldBytes: number;
  /**
   * Begins with a file.
   *
   * @param at the byte of the file that comes next. Default: the first
   * @param line the line of it that comes next. Default: the first
   * @param isMarked whether the file may begin with a byte order mark. Default: true
   */
  open(at?: number, line?: number, isMarked?: boolean): void;
  push(piece: Buffer): void;
  /** Ends the file: its last line may have no line break. */
  close(): void;
}

/**
 * The one idea of a line. A line ends with a line feed and nothing else, and holds nothing when it has only what JSON
 * (RFC 8259) calls white space: a no-break space, say, is something. A byte order mark at the file's beginning is no
 * part of its first line. The time it takes is linear, however long a line is.
 *
 * @param mostBytes the longest line that is kept; of a longer one only the beginning is
 */
export function createLineScanner(onLine: OnLine, mostBytes: number): LineScanner {
  /** The pieces of a line whose end has not come yet; one that is too long is counted on, but not kept. */
  let held: Buffer[] = [];
  let heldBytes = 0;
  let start = 0;
  let next = 0;
  let line = 0;
  let mayBeMarked = true;

  function hold(part: Buffer): void {
    const wasKept = heldBytes <= mostBytes;
    heldBytes += part.length;
    if (heldBytes <= mostBytes) held.push(part);
    else if (wasKept) held = [headOf([...held, part])];
  }

  function tell(chunk: Buffer, from: number, until: number, sizeBytes: number, breakBytes = 1): void {
    const mark = mayBeMarked && next === 0 ? markLength(chunk, from, until) : 0;
    start = next + mark;
    next += sizeBytes + breakBytes;
    line += 1;
    if (!isBlank(chunk, from + mark, until)) onLine(chunk, from + mark, until, sizeBytes - mark);
  }

  function tellHeld(breakBytes = 1): void {
    const [first] = held;
    const chunk = first && held.length === 1 ? first : Buffer.concat(held);
    const sizeBytes = heldBytes;
    held = [];
    heldBytes = 0;
    tell(chunk, 0, chunk.length, sizeBytes, breakBytes);
  }

  return {
    get line() {
      return line;
    },
    get start() {
      return start;
    },
    get next() {
      return next;
    },
    get heldBytes() {
      return heldBytes;
    },
    open(at = 0, first = 1, isMarked = true) {
      held = [];
      heldBytes = 0;
      next = at;
      line = first - 1;
      mayBeMarked = isMarked;
    },
    push(piece) {
      let from = 0;
      for (let until = piece.indexOf(newline); until !== -1; until = piece.indexOf(newline, from)) {
        if (heldBytes === 0 && until - from <= mostBytes) tell(piece, from, until, until - from);
        else {
          hold(piece.subarray(from, until));
          tellHeld();
        }
        from = until + 1;
      }
      if (from < piece.length) hold(piece.subarray(from));
    },
    close() {
      if (heldBytes > 0) tellHeld(0);
    },
  };
}

function headOf(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(
    parts,
    Math.min(
      headBytes,
      parts.reduce((sum, { length }) => sum + length, 0),
    ),
  );
}

/** Some programs begin a file with a byte order mark. */
function markLength(chunk: Buffer, from: number, until: number): number {
  return until - from >= 3 && chunk[from] === 0xef && chunk[from + 1] === 0xbb && chunk[from + 2] === 0xbf ? 3 : 0;
}

function isBlank(chunk: Buffer, from: number, until: number): boolean {
  for (let index = from; index < until; index++) {
    const byte = chunk[index];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}
