const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const space = 0x20;

/**
 * The members of a JSON object as its text has them, in their order: a value is the piece of the text that says it, so
 * that its numbers keep their digits. The last of two that have one name holds.
 *
 * @param text valid JSON
 * @param last the name of a member that is known to be the last: its value is all that is left
 * @returns undefined for what is no object
 */
export function membersOf(text: string, last?: string): Map<string, string> | undefined {
  let at = skipSpace(text, 0);
  if (text[at] !== '{') return undefined;
  const members = new Map<string, string>();
  at = skipSpace(text, at + 1);
  while (text.charCodeAt(at) === quote) {
    const nameEnd = endOfString(text, at);
    const from = skipSpace(text, afterColon(text, nameEnd));
    const name = JSON.parse(text.slice(at, nameEnd)) as string;
    const until = name === last ? text.lastIndexOf('}') : endOfValue(text, from);
    members.set(name, text.slice(from, until));
    at = skipSpace(text, until);
    if (text.charCodeAt(at) === comma) at = skipSpace(text, at + 1);
  }
  return members;
}

function afterColon(text: string, from: number): number {
  const at = skipSpace(text, from);
  return text.charCodeAt(at) === colon ? at + 1 : at;
}

/** The white space of RFC 8259: nothing else is at or below a space outside of a string. */
function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= space) at += 1;
  return at;
}

/** Where a value ends that begins at `from`. */
function endOfValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return endOfString(text, from);
  if (first === '{' || first === '[') return endOfNested(text, from);
  let at = from;
  while (at < text.length && !/[\s,}\]]/.test(text.charAt(at))) at += 1;
  return at;
}

function endOfNested(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1;
  }
  return text.length;
}

/** Where a string ends whose quote is at `from`: behind the first quote that no backslash takes away. */
export function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at;
    while (text.charCodeAt(before - 1) === backslash) before -= 1;
    if ((at - before) % 2 === 0) return at + 1;
  }
  return text.length;
}
