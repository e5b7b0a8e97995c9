const key = Buffer.from('"custom_id"');
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
 * Finds the `custom_id`s of the rows in a chunk, without parsing them: a parser would take most of a plan's time. A row
 * without the word is not looked at. A line that is no JSON may have one here.
 */
export function createIdFinder(): (chunk: Buffer, from: number, until: number) => IdBytes | undefined {
  let current: Buffer | undefined;
  /** Where the word stands next in this chunk. */
  let next = -1;
  return (chunk, from, until) => {
    const first = idAtStart(chunk, from, until);
    if (first) return first;
    if (chunk !== current) [current, next] = [chunk, 0];
    if (next !== -1 && next < from) next = chunk.indexOf(key, from);
    if (next === -1 || next >= until) return undefined;
    return idAmongKeys(chunk, from, until);
  };
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

/** `{"custom_id":"…"`, as in OpenAI's batch files. */
function idAtStart(chunk: Buffer, from: number, until: number): IdBytes | undefined {
  if (chunk[from] !== brace) return undefined;
  const at = skipSpaces(chunk, from + 1);
  return isKey(chunk, at) ? idAfterKey(chunk, at + key.length, from, until) : undefined;
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
  const id = customIdOf(chunk.toString('utf8', from, until));
  if (id === undefined) return undefined;
  const bytes = Buffer.from(id);
  return { chunk: bytes, from: 0, until: bytes.length };
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

function skipSpaces(chunk: Buffer, at: number): number {
  let next = at;
  while (chunk[next] === 0x20 || chunk[next] === 0x09) next++;
  return next;
}
