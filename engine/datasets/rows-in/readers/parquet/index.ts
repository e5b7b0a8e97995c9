import { ModelJobError } from '../../../../../planner/index.js';
import type { RowText } from '../../../../models/contract/row-text.js';
import { openFile, type FileVersion } from '../../../../storage/index.js';
import { stagedLine } from '../../staged-row.js';
import { lineBuffer } from '../line-buffer.js';
import type { FileBytes } from './chunk-reader.js';
import { groupRows, type TableColumn } from './group-rows.js';
import { openParquetFile } from './open-file.js';

export interface ParquetSource {
  location: string;
  sizeBytes: number;
  version?: FileVersion | undefined;
  signal: AbortSignal;
  onBytes: (count: number) => void;
}

/**
 * The rows of a Parquet file, a line each: an object by the columns' names. About a page of each column is in memory at
 * a time. A row with a value that JSON can't say is a row that can't be read; a `custom_id` is always a text.
 *
 * @throws ModelJobError `InvalidArgument` for what is no Parquet file, and for what in one is not read
 */
export async function* parquetRows(source: ParquetSource): AsyncGenerator<Buffer> {
  try {
    yield* rowsOf(source);
  } catch (error) {
    // What the reader throws is about the file; what storage throws is known already.
    source.signal.throwIfAborted();
    if (error instanceof ModelJobError || !(error instanceof Error) || 'syscall' in error) throw error;
    const message = `${source.location} is no Parquet file that can be read: ${error.message}`;
    throw new ModelJobError('InvalidArgument', message, { cause: error });
  }
}

async function* rowsOf(source: ParquetSource): AsyncGenerator<Buffer> {
  const file = bytesOf(source);
  const parquet = await openParquetFile(file);
  const lines = lineBuffer();
  let problems: string[] = [];
  const onNoText = (problem: string): void => void problems.push(problem);
  for (const [number, group] of parquet.groups.entries()) {
    let row = 0;
    for await (const { columns, rows } of groupRows(file, parquet, group, onNoText)) {
      source.signal.throwIfAborted();
      for (const end = row + rows; row < end; row++) {
        problems = [];
        const { text, customId } = rowOf(columns);
        const [message] = problems;
        const read: RowText = message === undefined ? text : { code: 'InvalidArgument', message, customId };
        const full = lines.add(stagedLine({ place: ` row group ${number} row ${row}`, text: read }));
        if (full) yield full;
      }
    }
  }
  const rest = lines.take();
  if (rest) yield rest;
}

function rowOf(columns: readonly TableColumn[]): { text: string; customId: string | undefined } {
  let row = '';
  let customId: string | undefined;
  for (const { name, key, write } of columns) {
    let text = write();
    if (name === 'custom_id') {
      if (text === 'null') continue;
      // A number is a name too.
      if (/^[-\d]/.test(text)) text = `"${text}"`;
      customId = text.startsWith('"') ? (JSON.parse(text) as string) : undefined;
    }
    row += `${row === '' ? '' : ','}${key}${text}`;
  }
  return { text: `{${row}}`, customId };
}

function bytesOf({ location, sizeBytes, version, signal, onBytes }: ParquetSource): FileBytes {
  const { folder, name } = openFile(location);
  return {
    sizeBytes,
    async read(start, end) {
      const pieces: Buffer[] = [];
      for await (const piece of folder.read(name, { start, end, version, signal })) pieces.push(piece);
      const bytes = Buffer.concat(pieces);
      onBytes(bytes.length);
      return bytes;
    },
  };
}
