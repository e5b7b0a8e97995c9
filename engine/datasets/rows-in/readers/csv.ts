import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { ModelJobError } from '../../../../planner/index.js';
import { lineBuffer } from './line-buffer.js';

/** The longest record, in characters: a quote that is never closed must not take all memory. */
const mostRecord = 64 << 20;

/**
 * The rows of a CSV file (RFC 4180) as lines of JSON: an object of texts for each record, by the names of the header.
 * A record with more or fewer columns is a line that is no JSON, and so one bad row.
 *
 * @param label the file's name, for messages
 * @throws ModelJobError `InvalidArgument` for a header without names, and for quotes that match nothing
 */
export async function* csvLines(
  bytes: AsyncIterable<Buffer>,
  { delimiter, label }: { delimiter: string; label: string },
): AsyncGenerator<Buffer> {
  const parser = parse({
    bom: true,
    delimiter,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: mostRecord,
  });
  // A fault of the source comes out of the parser too.
  pipeline(Readable.from(bytes), parser, () => undefined);
  const lines = lineBuffer();
  let header: string[] | undefined;
  let record = 0;
  try {
    for await (const values of parser as AsyncIterable<string[]>) {
      if (!header) {
        header = checkHeader(values, label);
        continue;
      }
      record += 1;
      const full = lines.add(lineOf(header, values, record));
      if (full) yield full;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ModelJobError('InvalidArgument', `${label} is no CSV: ${error.message}`);
  }
  const rest = lines.take();
  if (rest) yield rest;
}

function checkHeader(names: string[], label: string): string[] {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const problem = names.includes('')
    ? 'a column has no name'
    : twice !== undefined && `two columns are named ${JSON.stringify(twice)}`;
  if (problem) throw new ModelJobError('InvalidArgument', `${label}: ${problem} in its first line, the header`);
  return names;
}

/** An empty `custom_id` is none. */
function lineOf(header: readonly string[], values: readonly string[], record: number): string {
  if (values.length !== header.length) {
    return `CSV record ${record} has ${values.length} columns, and the header ${header.length}`;
  }
  const row: Record<string, string> = {};
  for (let column = 0; column < header.length; column++) {
    const name = header[column] ?? '';
    const value = values[column] ?? '';
    if (value !== '' || name !== 'custom_id') row[name] = value;
  }
  return JSON.stringify(row);
}
