import { isUtf8 } from 'node:buffer';

/** The byte at which a text stops being UTF-8. */
export interface BadByte {
  /** Its place, from 1. */
  place: number;
  /** Such as `0xE9`. */
  hex: string;
}

/**
 * The first byte that is part of no character; undefined where all is UTF-8. A reader that puts U+FFFD in its place
 * hands on another text than the one that came.
 *
 * @param text the bytes as Node.js reads them: it has U+FFFD where they are none, and as a character of its own
 */
export function badByteIn(bytes: Buffer, text: string): BadByte | undefined {
  if (!text.includes('\uFFFD') || isUtf8(bytes)) return undefined;
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', at + 1)) {
    const byte = Buffer.byteLength(text.slice(0, at));
    if (!(bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd)) return badByte(bytes, byte);
  }
  return badByte(bytes, 0);
}

function badByte(bytes: Buffer, at: number): BadByte {
  return { place: at + 1, hex: `0x${(bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0')}` };
}
