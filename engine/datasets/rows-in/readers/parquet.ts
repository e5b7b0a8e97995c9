import type { AsyncBuffer, DecodedArray, ParquetScan } from 'hyparquet';
import { ModelJobError } from '../../../../planner/index.js';
import { openFile } from '../../../storage/index.js';
import { lineBuffer } from './line-buffer.js';

export interface ParquetSource {
  location: string;
  sizeBytes: number;
  signal: AbortSignal;
  onBytes: (count: number) => void;
}

/**
 * The rows of a Parquet file as lines of JSON: an object for each row, by the columns' names. One row group is in
 * memory at a time. Integers of 64 bits are numbers where a number holds them, else texts; times are ISO 8601, bytes
 * are Base64; a `custom_id` is always a text.
 *
 * @throws ModelJobError `InvalidArgument` for what is no Parquet file
 */
export async function* parquetLines(source: ParquetSource): AsyncGenerator<Buffer> {
  const scan = await openScan(source);
  const lines = lineBuffer();
  for (const { rowStart, rowEnd } of scan.ranges) {
    source.signal.throwIfAborted();
    const columns = await readColumns(scan, rowStart, rowEnd, source);
    for (let row = 0; row < rowEnd - rowStart; row++) {
      const full = lines.add(lineOf(columns, row));
      if (full) yield full;
    }
  }
  const rest = lines.take();
  if (rest) yield rest;
}

type Column = [name: string, values: DecodedArray];

async function openScan(source: ParquetSource): Promise<ParquetScan> {
  const [{ parquetScan }, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  return asInvalid(source, () => parquetScan({ file: fileOf(source), compressors }));
}

async function readColumns(
  scan: ParquetScan,
  rowStart: number,
  rowEnd: number,
  source: ParquetSource,
): Promise<Column[]> {
  const { parquetSchema } = await import('hyparquet');
  const names = parquetSchema(scan.metadata).children.map(({ element }) => element.name);
  const columns: Column[] = [];
  for (const column of names) {
    columns.push([column, await asInvalid(source, () => scan.readColumn({ column, rowStart, rowEnd }))]);
  }
  return columns;
}

/** What the reader throws is about the file; what storage throws is known already. */
async function asInvalid<T>({ location, signal }: ParquetSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ModelJobError || !(error instanceof Error) || 'syscall' in error) throw error;
    throw new ModelJobError('InvalidArgument', `${location} is no Parquet file that can be read: ${error.message}`);
  }
}

function fileOf({ location, sizeBytes, signal, onBytes }: ParquetSource): AsyncBuffer {
  const { folder, name } = openFile(location);
  return {
    byteLength: sizeBytes,
    async slice(start, end = sizeBytes) {
      const pieces: Buffer[] = [];
      for await (const piece of folder.read(name, { start, end, signal })) pieces.push(piece);
      const bytes = new Uint8Array(Buffer.concat(pieces));
      onBytes(bytes.length);
      return bytes.buffer;
    },
  };
}

function lineOf(columns: readonly Column[], row: number): string {
  const value: Record<string, unknown> = {};
  for (const [name, values] of columns) {
    const cell: unknown = values[row];
    if (name !== 'custom_id') value[name] = plain(cell);
    else if (typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'bigint')
      value[name] = String(cell);
  }
  return JSON.stringify(value);
}

/** Any value of a column as JSON has it. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as ArrayLike<unknown>, plain);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
