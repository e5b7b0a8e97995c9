/** What a text must hold to have a number that may be lost: many digits, or an exponent. */
const suspicious = /\d{16}|\d[eE]/;

/** Texts, which are skipped, and numbers of JSON. */
const token = /"(?:[^"\\]|\\.)*"|-?\d+(\.\d+)?([eE][+-]?\d+)?/g;

/**
 * The first number of a JSON text that a double can't hold: an integer that would be another one, a number that would be
 * infinite, or one that would be nothing. JavaScript and most runtimes read numbers as doubles (RFC 8259, section 6).
 */
export function lossyNumber(json: string): string | undefined {
  if (!suspicious.test(json)) return undefined;
  for (const [text, fraction, exponent] of json.matchAll(token)) {
    if (text.startsWith('"')) continue;
    const value = Number(text);
    const isInteger = fraction === undefined && exponent === undefined;
    if (!Number.isFinite(value) || (isInteger ? BigInt(text) !== BigInt(value) : isNothing(text, value))) return text;
  }
  return undefined;
}

function isNothing(text: string, value: number): boolean {
  return value === 0 && /[1-9]/.test(text.split(/[eE]/)[0] ?? '');
}
