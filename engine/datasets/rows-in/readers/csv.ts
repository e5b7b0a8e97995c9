import { ModelJobError } from '../../../../planner/index.js';
import type { RowText } from '../../../models/contract/row-text.js';
import { mostRowBytes, notUtf8, tooLong } from '../source-row.js';
import { stagedLine } from '../staged-row.js';
import { createRecordScanner, type TableFile, type TableRecord } from './csv-records.js';
import { readHeader } from './csv-header.js';
import { lineBuffer } from './line-buffer.js';

/** Bytes that are looked at in one go: others have their turn in between. */
const turnBytes = 1 << 18;

/**
 * The rows of a CSV or TSV file, a line each: an object of texts for each record, by the names of the header. A record
 * with more or fewer columns, or that is no UTF-8, is a row that can't be read.
 *
 * @param bytes in UTF-8, without a byte order mark
 * @throws ModelJobError `InvalidArgument` for a header that names no columns, for a quote that is never closed
 */
export async function* csvRows(bytes: AsyncIterable<Buffer>, table: TableFile): AsyncGenerator<Buffer> {
  const lines = lineBuffer();
  const blocks: Buffer[] = [];
  let toText: ((record: TableRecord) => RowText) | undefined;
  const scanner = createRecordScanner(
    table,
    (record) => {
      if (!toText) {
        toText = rowTexts(readHeader(record, table));
        return;
      }
      const full = lines.add(stagedLine({ place: record.line, text: toText(record) }));
      if (full) blocks.push(full);
    },
    mostRowBytes,
  );
  for await (const piece of bytes) {
    for (let from = 0; from < piece.length; from += turnBytes) {
      scanner.push(piece.subarray(from, from + turnBytes));
      yield* blocks.splice(0);
    }
  }
  const openQuote = scanner.close();
  if (openQuote !== undefined) throw neverClosed(openQuote, table);
  const rest = lines.take();
  if (rest) blocks.push(rest);
  yield* blocks;
}

/** How a record becomes a row. An empty `custom_id` is none. */
function rowTexts(header: readonly string[]): (record: TableRecord) => RowText {
  const keys = header.map((name) => `${JSON.stringify(name)}:`);
  const idColumn = header.indexOf('custom_id');
  let number = 0;
  return (record) => {
    number += 1;
    const { bytes, ends, sizeBytes } = record;
    if (sizeBytes > mostRowBytes) return tooLong(sizeBytes);
    const text = bytes.toString();
    const fault = notUtf8(bytes, text);
    if (fault) return fault;
    const values = cut(bytes, text, ends);
    if (values.length !== header.length) {
      const message = `record ${number} has ${columns(values.length)}, the header has ${header.length}`;
      return { code: 'InvalidArgument', message, customId: values[idColumn] || undefined };
    }
    let row = '';
    values.forEach((value, column) => {
      if (column === idColumn && value === '') return;
      row += `${row === '' ? '' : ','}${keys[column] ?? ''}${JSON.stringify(value)}`;
    });
    return `{${row}}`;
  };
}

/** Where all is ASCII, bytes and characters are counted alike. */
function cut(bytes: Buffer, text: string, ends: readonly number[]): string[] {
  const isAscii = text.length === bytes.length;
  let from = 0;
  return ends.map((end) => {
    const value = isAscii ? text.slice(from, end) : bytes.toString('utf8', from, end);
    from = end;
    return value;
  });
}

function columns(count: number): string {
  return count === 1 ? '1 column' : `${count} columns`;
}

function neverClosed(line: number, { label }: TableFile): ModelJobError {
  return new ModelJobError(
    'InvalidArgument',
    `${label} is no CSV: the quote that begins in line ${line} is never closed ` +
      '(options.batch.csv: {"quote": ""} reads quotes as text)',
  );
}
