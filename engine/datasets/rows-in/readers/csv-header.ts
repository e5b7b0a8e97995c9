import { isUtf8 } from 'node:buffer';
import { ModelJobError } from '../../../../planner/index.js';
import type { TableFile, TableRecord } from './csv-records.js';

/** What may separate columns, where a file is not separated as it is read. */
const delimiters: readonly string[] = [',', ';', '\t', '|'];

/**
 * The names of a table's columns, from its first record. A column without a name is called as pandas calls it.
 *
 * @throws ModelJobError `InvalidArgument`
 */
export function readHeader({ bytes, ends }: TableRecord, table: TableFile): string[] {
  const refuse = (problem: string): ModelJobError =>
    new ModelJobError('InvalidArgument', `${table.label}: ${problem} in its first line, the header`);
  if (!isUtf8(bytes)) {
    throw refuse(
      'what stands there is not UTF-8 (options.batch.csv.encoding, such as "windows-1252", reads other files)',
    );
  }
  const names = ends.map((end, at) => bytes.toString('utf8', ends[at - 1] ?? 0, end) || `Unnamed: ${at}`);
  const hint = otherDialect(names, table);
  if (hint !== undefined) throw refuse(hint);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw refuse(`two columns are named ${JSON.stringify(twice)}`);
  return names;
}

function otherDialect(names: readonly string[], { isNamed, quote }: TableFile): string | undefined {
  const [name = ''] = names;
  const other = delimiters.find((delimiter) => name.includes(delimiter));
  if (names.length === 1 && other !== undefined && !isNamed) {
    const wanted = JSON.stringify(other);
    return `one column is named ${JSON.stringify(name)}, as in a file whose columns are separated by ${wanted} (options.batch.csv: {"delimiter": ${wanted}}; name the delimiter that it is read with if that is right)`;
  }
  const isQuoted = names.every((one) => one.length > 1 && one.startsWith("'") && one.endsWith("'"));
  return isQuoted && quote !== 0x27 ? `all names stand in ' (options.batch.csv: {"quote": "'"} reads them)` : undefined;
}
