const key = Buffer.from('"custom_id"');
const quote = 0x22;
const backslash = 0x5c;
const brace = 0x7b;
const colon = 0x3a;

/** The bytes of a row's `custom_id`, without its quotes. */
export interface IdBytes {
  chunk: Buffer;
  from: number;
  until: number;
}

/**
 * Finds the `custom_id`s of the rows in a chunk. Where it is a row's first key, as in OpenAI's batch files, nothing is
 * parsed; a row without the word is not looked at. A line that is no JSON has none.
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
    const id = customIdOf(chunk.toString('utf8', from, until));
    if (id === undefined) return undefined;
    const bytes = Buffer.from(id);
    return { chunk: bytes, from: 0, until: bytes.length };
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

/** `{"custom_id":"…"` with or without spaces; an id with a backslash needs a parser. */
function idAtStart(chunk: Buffer, from: number, until: number): IdBytes | undefined {
  if (chunk[from] !== brace) return undefined;
  let at = skipSpaces(chunk, from + 1);
  for (let letter = 0; letter < key.length; letter++) if (chunk[at++] !== key[letter]) return undefined;
  at = skipSpaces(chunk, at);
  if (chunk[at] !== colon) return undefined;
  at = skipSpaces(chunk, at + 1);
  if (chunk[at] !== quote) return undefined;
  const start = at + 1;
  for (let end = start; end < until; end++) {
    const byte = chunk[end];
    if (byte === backslash) return undefined;
    if (byte === quote) return { chunk, from: start, until: end };
  }
  return undefined;
}

function skipSpaces(chunk: Buffer, at: number): number {
  let next = at;
  while (chunk[next] === 0x20 || chunk[next] === 0x09) next++;
  return next;
}
