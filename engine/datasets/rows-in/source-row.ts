import { badByteIn } from '../../../system/files/utf8.js';
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
  return { ...readStagedLine(text, `${location}:${number}`), file };
}

/** The row of a text that is all there. */
export function textOfRow(line: Buffer): RowText {
  return textOf(line, line.length);
}

function textOf(line: Buffer, sizeBytes: number): RowText {
  const text = line.toString();
  if (sizeBytes > line.length) return tooLong(sizeBytes, customIdOf(text));
  return notUtf8(line, text) ?? text;
}

/** The fault of a row that is too long. */
export function tooLong(sizeBytes: number, customId?: string): RowFault {
  return {
    code: 'ResourceLimit',
    message: `the row has ${sizeBytes} bytes, more than a row may have (${mostRowBytes})`,
    customId,
  };
}

/** The fault of a row whose bytes are no UTF-8; undefined for one that is. */
export function notUtf8(bytes: Buffer, text: string): RowFault | undefined {
  const bad = badByteIn(bytes, text);
  return (
    bad && {
      code: 'InvalidArgument',
      message: `the row is not UTF-8: byte ${bad.hex} at byte ${bad.place}`,
      customId: nameIn(text),
    }
  );
}

/** A name with a character that could not be read is none. */
function nameIn(text: string): string | undefined {
  const id = customIdOf(text);
  return id?.includes('\uFFFD') ? undefined : id;
}
