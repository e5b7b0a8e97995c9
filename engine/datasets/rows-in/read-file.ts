import { openFile, type FileVersion } from '../../storage/index.js';
import type { FileFormat } from './formats.js';
import { csvRows } from './readers/csv.js';
import type { TableFile } from './readers/csv-records.js';
import { decode } from './readers/decode.js';
import { jsonRows } from './readers/json.js';
import { peek, withoutMark } from './readers/peek.js';
import { unpack } from './readers/unpack.js';
import { headBytes, markedEncoding, refuseOther } from './sniff.js';

/** A file of the data set. `location` is a path or `s3://…`. */
export interface FileSource {
  location: string;
  sizeBytes: number;
  format: FileFormat;
}

/** How CSV and TSV files are read, where a request says so: `options.batch.csv`. */
export interface CsvOptions {
  delimiter?: string | null | undefined;
  /** Empty: values are never quoted. */
  quote?: string | null | undefined;
  encoding?: string | null | undefined;
}

export interface ReadFile {
  csv?: CsvOptions | null | undefined;
  version?: FileVersion | undefined;
  signal: AbortSignal;
  /** Called with how many bytes of the file were read since the last call. */
  report: (bytes: number) => void;
}

/** A file's rows, as bytes of lines. */
export interface FileRows {
  /**
   * `plain`: the file's own bytes, whose lines are rows of JSON. `lines`: the same after it was unpacked or decoded.
   * `rows`: lines that are made of it, as of a staged file.
   */
  form: 'plain' | 'lines' | 'rows';
  bytes: AsyncIterable<Buffer>;
}

/**
 * Opens a file by its format.
 *
 * @throws ModelJobError `InvalidArgument` for one that is not what its name says, or holds what is not read
 */
export async function openRows(source: FileSource, options: ReadFile): Promise<FileRows> {
  const { location, format } = source;
  if (format.rows === 'parquet') return { form: 'rows', bytes: await parquetOf(source, options) };
  const packed = bytesOf(source, options);
  const { compression } = format;
  const { head, all } = await peek(compression ? unpack(packed, compression, location) : packed, headBytes);
  const encoding = encodingOf(head, format, options);
  if (encoding === undefined) refuseOther(location, head, format);
  const text = encoding === undefined ? all : decode(all, encoding, location);
  if (format.rows === 'jsonl') {
    const isPlain = compression === undefined && encoding === undefined;
    return isPlain ? { form: 'plain', bytes: all } : { form: 'lines', bytes: withoutMark(text) };
  }
  const bytes = withoutMark(text);
  const rows = format.rows === 'json' ? jsonRows(bytes, location) : csvRows(bytes, tableOf(source, options));
  return { form: 'rows', bytes: rows };
}

/** Undefined for UTF-8. */
function encodingOf(head: Buffer, { rows }: FileFormat, { csv }: ReadFile): string | undefined {
  const isTable = rows === 'csv' || rows === 'tsv';
  const named = isTable ? csv?.encoding : undefined;
  const isUtf8 = named != null && /^utf-?8$/i.test(named);
  return markedEncoding(head) ?? (isUtf8 ? undefined : (named ?? undefined));
}

/** TSV has no quotes, unless the request says so. */
function tableOf({ location, format }: FileSource, { csv }: ReadFile): TableFile {
  const isTsv = format.rows === 'tsv';
  const delimiter = csv?.delimiter ?? (isTsv ? '\t' : ',');
  const quote = csv?.quote ?? (isTsv ? '' : '"');
  return {
    delimiter: delimiter.charCodeAt(0),
    quote: quote === '' ? undefined : quote.charCodeAt(0),
    isNamed: csv?.delimiter != null,
    label: location,
  };
}

/** The library is loaded when it is first needed. */
async function parquetOf({ location, sizeBytes }: FileSource, options: ReadFile): Promise<AsyncGenerator<Buffer>> {
  const { parquetRows } = await import('./readers/parquet/index.js');
  const { version, signal, report } = options;
  return parquetRows({ location, sizeBytes: version?.sizeBytes ?? sizeBytes, version, signal, onBytes: report });
}

async function* bytesOf({ location }: FileSource, { version, signal, report }: ReadFile): AsyncGenerator<Buffer> {
  const { folder, name } = openFile(location);
  for await (const bytes of folder.read(name, { version, signal })) {
    report(bytes.length);
    yield bytes;
  }
}
