const key = Buffer.from('"custom_id"');
/** How an escape begins that may stand for a letter of the key: all of them are from `\u005f` to `\u0075`. */
const escape = Buffer.from('\\u00');
const quote = 0x22;
const backslash = 0x5c;
const brace = 0x7b;
const closingBrace = 0x7d;
const bracket = 0x5b;
const closingBracket = 0x5d;
const colon = 0x3a;

/** The bytes of a row's `custom_id`, without its quotes. */
export interface IdBytes {
  chunk: Buffer;
  from: number;
  until: number;
}

/**
 * Finds the `custom_id`s of the rows in a chunk as a parser of JSON would, but without one: it would take most of a
 * plan's time. A row without the word is not looked at; one that has it twice, or may have it in escapes, is parsed. A
 * line that is no JSON may have one here.
 */
export function createIdFinder(): (chunk: Buffer, from: number, until: number) => IdBytes | undefined {
  const escapes = createSearch(escape);
  return (chunk, from, until) => {
    if (hasEscapedLetter(chunk, from, until)) return parsedId(chunk, from, until);
    const at = indexOfKey(chunk, from, until);
    if (at === -1) return undefined;
    if (indexOfKey(chunk, at + key.length, until) !== -1) return parsedId(chunk, from, until);
    return isFirst(chunk, from, at) ? idAfterKey(chunk, at + key.length, from, until) : idAmongKeys(chunk, from, until);
  };

  function hasEscapedLetter(chunk: Buffer, from: number, until: number): boolean {
    for (let at = escapes(chunk, from); at !== -1 && at < until; at = escapes(chunk, at + escape.length)) {
      const digit = chunk[at + escape.length] ?? 0;
      if (digit >= 0x35 && digit <= 0x37) return true;
    }
    return false;
  }
}

/** Finds where a word stands next, from places that only go forward in a chunk: each byte is looked at about once. */
function createSearch(word: Buffer): (chunk: Buffer, from: number) => number {
  let current: Buffer | undefined;
  let next = -1;
  return (chunk, from) => {
    if (chunk !== current) [current, next] = [chunk, chunk.indexOf(word, from)];
    else if (next !== -1 && next < from) next = chunk.indexOf(word, from);
    return next;
  };
}

/** How far the key may move on when a byte stands where its last one should: to that byte in the key, or behind it. */
const shifts = Uint8Array.from({ length: 256 }, (_, byte) => {
  const last = key.length - 1;
  return last - key.subarray(0, last).lastIndexOf(byte);
});

/** Where the key stands in a row, by Horspool's search: rows are short, and a call of `indexOf` costs more than they. */
function indexOfKey(chunk: Buffer, from: number, until: number): number {
  const last = key.length - 1;
  let at = from;
  while (at + last < until) {
    const byte = chunk[at + last] ?? 0;
    if (byte === quote && isKey(chunk, at)) return at;
    at += shifts[byte] ?? 1;
  }
  return -1;
}

/** The `custom_id` of a line of JSON. */
export function customIdOf(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const id = typeof value === 'object' && value !== null && 'custom_id' in value ? value.custom_id : undefined;
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

function parsedId(chunk: Buffer, from: number, until: number): IdBytes | undefined {
  const id = customIdOf(chunk.toString('utf8', from, until));
  if (id === undefined) return undefined;
  const bytes = Buffer.from(id);
  return { chunk: bytes, from: 0, until: bytes.length };
}

/** Whether the key is the first of the row's object, as in OpenAI's batch files. */
function isFirst(chunk: Buffer, from: number, at: number): boolean {
  return chunk[from] === brace && skipSpaces(chunk, from + 1) === at;
}

/** The key may stand anywhere in the row's object, and as text or as the key of an inner object it means nothing. */
function idAmongKeys(chunk: Buffer, from: number, until: number): IdBytes | undefined {
  let depth = 0;
  for (let at = from; at < until; at++) {
    const byte = chunk[at];
    if (byte === brace || byte === bracket) depth += 1;
    else if (byte === closingBrace || byte === closingBracket) depth -= 1;
    else if (byte === quote) {
      const id = depth === 1 && isKey(chunk, at) ? idAfterKey(chunk, at + key.length, from, until) : undefined;
      if (id) return id;
      at = endOfText(chunk, at + 1, until);
    }
  }
  return undefined;
}

/** The text after `"custom_id"` and a colon; one with a backslash needs a parser. */
function idAfterKey(chunk: Buffer, after: number, from: number, until: number): IdBytes | undefined {
  const at = skipSpaces(chunk, after);
  if (chunk[at] !== colon) return undefined;
  const start = skipSpaces(chunk, at + 1) + 1;
  if (chunk[start - 1] !== quote) return undefined;
  for (let end = start; end < until; end++) {
    const byte = chunk[end];
    if (byte === quote) return { chunk, from: start, until: end };
    if (byte === backslash) break;
  }
  return parsedId(chunk, from, until);
}

function isKey(chunk: Buffer, at: number): boolean {
  for (let letter = 0; letter < key.length; letter++) if (chunk[at + letter] !== key[letter]) return false;
  return true;
}

/** Where a text ends: its closing quote. */
function endOfText(chunk: Buffer, from: number, until: number): number {
  let at = from;
  while (at < until && chunk[at] !== quote) at += chunk[at] === backslash ? 2 : 1;
  return at;
}

/** Over what RFC 8259 calls white space, as far as a line holds it. */
function skipSpaces(chunk: Buffer, at: number): number {
  let next = at;
  while (chunk[next] === 0x20 || chunk[next] === 0x09 || chunk[next] === 0x0d) next++;
  return next;
}
