import { z } from 'zod';
import { errorCodes, ModelJobError, parseStored } from '../../../planner/index.js';
import type { RowFault, RowText } from '../../models/contract/row-text.js';

const tab = 0x09;
const bang = 0x21;

const faultSchema = z.object({
  custom_id: z.string().optional(),
  code: z.enum(errorCodes),
  message: z.string(),
});

/** A row that was copied into the batch's folder: its place in the file that it came from, and its text. */
export interface StagedRow {
  /** Its line, or what else tells it, such as ` row group 0 row 17`. */
  place: number | string;
  text: RowText;
}

/**
 * The line of a copied row: its place, a tab and its JSON text, or an exclamation mark and what is wrong with it. A text
 * that begins with such a mark of its own is no JSON; a space keeps it apart from a fault.
 */
export function stagedLine({ place, text }: StagedRow): string {
  if (typeof text !== 'string') return `${place}\t${faultText(text)}`;
  return `${place}\t${text.startsWith('!') ? ' ' : ''}${text}`;
}

/**
 * Reads such a line.
 *
 * @param from where it stands, for the message
 * @throws ModelJobError `IntegrityError`
 */
export function readStagedLine(line: string, from: string): StagedRow {
  const end = line.indexOf('\t');
  if (end < 1)
    throw new ModelJobError('IntegrityError', `\`${from}\` is no row that was copied: ${line.slice(0, 100)}`);
  const place = line.slice(0, end);
  const text = line.slice(end + 1);
  return {
    place: /^\d+$/.test(place) ? Number(place) : place,
    text: text.startsWith('!') ? readFault(text.slice(1), from) : text,
  };
}

/** Where the object begins in the bytes of such a line: that of the row, or of its fault. */
export function objectIn(chunk: Buffer, from: number, until: number): number {
  const start = chunk.indexOf(tab, from) + 1;
  return start > from && start < until ? start + (chunk[start] === bang ? 1 : 0) : from;
}

/** Its name comes first and is called as in a row: the search for names finds it like any other. */
function faultText({ customId, code, message }: RowFault): string {
  return `!${JSON.stringify({ custom_id: customId, code, message })}`;
}

function readFault(text: string, from: string): RowFault {
  const { custom_id: customId, code, message } = parseStored(faultSchema, text, from, 'row that was copied');
  return { code, message, customId };
}
