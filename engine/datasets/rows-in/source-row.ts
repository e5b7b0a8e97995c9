import { isUtf8 } from 'node:buffer';
import type { RowFault, RowText } from '../../models/contract/row-text.js';
import type { RowSource } from '../shards/shard-index.js';
import { customIdOf } from './custom-id.js';
import { readStagedLine } from './staged-row.js';

/** The longest row, in bytes: a row is held in memory as a whole. */
export const mostRowBytes = 64 << 20;

/** A row of a data set, and where it came from. */
export interface SourceRow {
  text: RowText;
  /** The file that the caller named: an absolute path or `s3://…`. */
  file: string;
  /** Its line in that file, from 1, or what else tells its place, such as ` row group 0 row 17`. */
  place: number | string;
}

/** Where a row came from, in words: `/data/in.jsonl:7`. */
export function nameOfRow({ file, place }: SourceRow): string {
  return typeof place === 'number' ? `${file}:${place}` : file + place;
}

/**
 * The row in a line of a source, and where it came from. A line that is too long, or whose bytes are no UTF-8, is a row
 * that can't be read.
 *
 * @param number of the line, from 1
 * @param sizeBytes the line's length; less of it is there when it is too long
 */
export function rowIn(
  line: Buffer,
  number: number,
  { location, copyOf }: RowSource,
  sizeBytes = line.length,
): SourceRow {
  const text = textOf(line, sizeBytes);
  const file = copyOf?.location ?? location;
  if (copyOf?.form !== 'rows' || typeof text !== 'string') return { text, file, place: number };
  return { ...readStagedLine(text), file };
}

/** The row of a text that is all there. */
export function textOfRow(line: Buffer): RowText {
  return textOf(line, line.length);
}

function textOf(line: Buffer, sizeBytes: number): RowText {
  const text = line.toString();
  if (sizeBytes > line.length) return tooLong(sizeBytes, customIdOf(text));
  return text.includes('\uFFFD') && !isUtf8(line) ? notUtf8(line, text) : text;
}

/** The fault of a row that is too long. */
export function tooLong(sizeBytes: number, customId?: string): RowFault {
  return {
    code: 'ResourceLimit',
    message: `the row has ${sizeBytes} bytes, more than a row may have (${mostRowBytes})`,
    customId,
  };
}

/** @param text the bytes, U+FFFD in place of what is no character */
export function notUtf8(bytes: Buffer, text: string): RowFault {
  const at = firstBadByte(bytes, text);
  const hex = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return {
    code: 'InvalidArgument',
    message: `the row is not UTF-8: byte 0x${hex} at byte ${at + 1}`,
    customId: nameIn(text),
  };
}

/** U+FFFD may also stand there as a character of its own. */
function firstBadByte(bytes: Buffer, text: string): number {
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', at + 1)) {
    const byte = Buffer.byteLength(text.slice(0, at));
    if (!(bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd)) return byte;
  }
  return 0;
}

/** A name with a character that could not be read is none. */
function nameIn(text: string): string | undefined {
  const id = customIdOf(text);
  return id?.includes('\uFFFD') ? undefined : id;
}
