const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const lineFeed = 0x0a;
const space = 0x20;
const tab = 0x09;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Told of each value: its text on one line, and how many bytes it has; a longer one than allowed comes empty. */
export type OnValue = (text: Buffer, sizeBytes: number) => void;

/** Cuts a JSON file into its rows, as its bytes come. */
export interface JsonSplitter {
  push(piece: Buffer): void;
  /** Ends the file. Returns what is wrong with it as a whole; undefined when all is well. */
  close(): string | undefined;
}

/**
 * The rows of a JSON file: the elements of its array, or the values that stand one behind the other in it. What an
 * element holds is not looked at: one that is no JSON is one bad row.
 *
 * @param mostBytes the longest value that is kept
 */
export function createJsonSplitter(onValue: OnValue, mostBytes: number): JsonSplitter {
  let kind: 'unknown' | 'array' | 'values' | 'ended' = 'unknown';
  let depth = 0;
  let isText = false;
  let isEscaped = false;
  let values = 0;
  let problem: string | undefined;
  let bytes = Buffer.allocUnsafe(1 << 12);
  let used = 0;
  let sizeBytes = 0;

  function keep(byte: number): void {
    sizeBytes += 1;
    if (sizeBytes > mostBytes) used = 0;
    else {
      if (used === bytes.length) bytes = Buffer.concat([bytes], used * 2);
      bytes[used++] = byte;
    }
  }

  function endValue(): void {
    onValue(bytes.subarray(0, used), sizeBytes);
    values += 1;
    used = 0;
    sizeBytes = 0;
  }

  function takeInText(byte: number): void {
    // A text may hold no line break: another control character makes it as wrong, and no second line.
    keep(byte === lineFeed ? tab : byte);
    if (isEscaped) isEscaped = false;
    else if (byte === backslash) isEscaped = true;
    else if (byte === quote) {
      isText = false;
      if (depth === 0 && kind === 'values') endValue();
    }
  }

  function takeInValue(byte: number): void {
    keep(byte === lineFeed ? space : byte);
    if (byte === quote) isText = true;
    else if (byte === openBracket || byte === openBrace) depth += 1;
    else if ((byte === closeBracket || byte === closeBrace) && depth > 0) {
      depth -= 1;
      if (depth === 0 && kind === 'values') endValue();
    }
  }

  function takeBetween(byte: number): void {
    if (isSpace(byte)) {
      if (kind === 'values' && sizeBytes > 0) endValue();
      else if (sizeBytes > 0) keep(space);
    } else if (kind === 'unknown') {
      kind = byte === openBracket ? 'array' : 'values';
      if (kind === 'values') takeInValue(byte);
    } else if (kind === 'ended') problem = 'something follows its array; values one a line belong into a .jsonl file';
    else if (kind === 'array' && (byte === comma || byte === closeBracket)) takeInArray(byte);
    else takeInValue(byte);
  }

  function takeInArray(byte: number): void {
    const isEmpty = byte === closeBracket && values === 0;
    if (sizeBytes > 0) endValue();
    else if (!isEmpty) problem = `a comma with no value beside it, behind value ${values}`;
    if (byte === closeBracket) kind = 'ended';
  }

  return {
    push(piece) {
      for (let at = 0; at < piece.length && problem === undefined; at++) {
        const byte = piece[at] ?? 0;
        if (isText) takeInText(byte);
        else if (depth > 0) takeInValue(byte);
        else takeBetween(byte);
      }
    },
    close() {
      if (problem !== undefined) return problem;
      if (kind === 'array' || depth > 0 || isText) return `it ends within a value or its array, behind value ${values}`;
      if (sizeBytes > 0) endValue();
      return undefined;
    },
  };
}

function isSpace(byte: number): boolean {
  return byte === space || byte === tab || byte === lineFeed || byte === 0x0d;
}
