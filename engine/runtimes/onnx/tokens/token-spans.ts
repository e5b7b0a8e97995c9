/** Where a token stands in what it was cut from, in UTF-16 units; `end` is not included. */
export interface Span {
  start: number;
  end: number;
}

/** How a tokenizer's model writes its tokens. */
export interface TokenForm {
  /** Stands before a token that goes on with a word: `##`. */
  continuing: string;
  /** Stands behind a token that ends a word: `</w>`. */
  ending: string;
  unknown: string | undefined;
}

/**
 * Where each token of one word stands in it. A token that is not known has no letters of its own: it reaches to where
 * the next one is found.
 */
export function spansIn(word: string, tokens: readonly string[], form: TokenForm): Span[] {
  const bytes = byteTokens(word, tokens);
  if (bytes) return bytes;
  const spans: Span[] = [];
  let start = 0;
  tokens.forEach((token, at) => {
    const letters = lettersOf(token, at, form);
    const known = letters !== undefined && word.startsWith(letters, start);
    const end = known ? start + letters.length : endOfUnknown(word, tokens, at, start, form);
    spans.push({ start, end });
    start = end;
  });
  return spans;
}

function lettersOf(token: string, at: number, { continuing, ending, unknown }: TokenForm): string | undefined {
  if (token === unknown) return undefined;
  const begun = at > 0 && continuing !== '' && token.startsWith(continuing) ? token.slice(continuing.length) : token;
  return ending !== '' && begun.endsWith(ending) ? begun.slice(0, -ending.length) : begun;
}

function endOfUnknown(word: string, tokens: readonly string[], at: number, start: number, form: TokenForm): number {
  const next = tokens[at + 1];
  if (next === undefined) return word.length;
  const letters = lettersOf(next, at + 1, form);
  // Two that are not known in a row: one character each.
  const found = letters === undefined ? -1 : word.indexOf(letters, start + 1);
  return found === -1 ? start + ((word.codePointAt(start) ?? 0) > 0xffff ? 2 : 1) : found;
}

const byteToken = /^<0x([0-9A-F]{2})>$/;

/** The spans of a word among whose tokens are bytes (`<0xE2>`): each byte stands for its whole character. */
function byteTokens(word: string, tokens: readonly string[]): Span[] | undefined {
  if (!tokens.some((token) => byteToken.test(token))) return undefined;
  const characters = charactersByByte(word);
  let byte = 0;
  return tokens.map((token) => {
    const count = byteToken.test(token) ? 1 : Buffer.byteLength(token);
    const span = {
      start: characters[byte]?.start ?? word.length,
      end: characters[byte + count - 1]?.end ?? word.length,
    };
    byte += count;
    return span;
  });
}

/** The character of each byte of a text in UTF-8. */
export function charactersByByte(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const character of text) {
    const span = { start, end: start + character.length };
    for (let byte = Buffer.byteLength(character); byte > 0; byte--) spans.push(span);
    start = span.end;
  }
  return spans;
}
