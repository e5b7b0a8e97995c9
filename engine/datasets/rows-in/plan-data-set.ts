import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openFile, openFolder } from '../../storage/index.js';
import type { ShardIndex } from '../shards/shard-index.js';
import type { RowPlace } from './id-records.js';
import type { InputSource } from './input-files.js';
import { csvLines } from './readers/csv.js';
import { gunzip } from './readers/gunzip.js';
import { parquetLines } from './readers/parquet.js';
import { createRowBook, type RowBook } from './row-counter.js';
import { createStaging, type Staging } from './staging.js';

/** What a plan is made from; plain data, for it goes to a thread. */
export interface DataSet {
  sources: InputSource[];
  /** The batch's folder: a path or `s3://…`. */
  folder: string;
  /** A folder of this machine that the plan may use and removes. */
  scratch: string;
  shardSize?: number | null | undefined;
}

export interface PlanContext {
  signal: AbortSignal;
  /** Called with how many bytes of the sources were read since the last call. */
  report: (bytes: number) => void;
}

type FileSource = Exclude<InputSource, { inline: string[] }>;

/**
 * Reads a data set once, and cuts it into shards. Plain JSON Lines stay where they are; all else becomes JSON Lines in
 * the batch's folder, so that a shard is always a few ranges of bytes.
 *
 * @throws ModelJobError `InvalidArgument` when two rows have one `custom_id`, or a file can't be read as its format
 */
export async function planDataSet(dataSet: DataSet, context: PlanContext): Promise<ShardIndex> {
  const { sources, shardSize, signal } = { ...dataSet, ...context };
  const token = randomBytes(4).toString('hex');
  const scratch = join(dataSet.scratch, `plan-${token}`);
  await mkdir(scratch, { recursive: true });
  const book = createRowBook({ shardSize, scratch, nameOf: (place) => nameOf(place, sources), signal });
  const folder = openFolder(dataSet.folder);
  const staging = createStaging({ folder, prefix: `rows-${token}`, scratch, book, signal });
  try {
    for (const [origin, source] of sources.entries()) await readSource(source, origin, { book, staging, ...context });
    await staging.finish();
    return await book.finish();
  } catch (error) {
    await staging.discard();
    throw error;
  } finally {
    await staging.close();
    await book.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Reading extends PlanContext {
  book: RowBook;
  staging: Staging;
}

async function readSource(source: InputSource, origin: number, reading: Reading): Promise<void> {
  const { book, staging } = reading;
  if (isPlain(source)) {
    book.begin({ origin, location: source.location, line: 1 });
    for await (const bytes of bytesOf(source, reading)) await book.push(bytes);
    book.end();
    return;
  }
  staging.begin(origin);
  for await (const bytes of linesOf(source, reading)) await staging.write(bytes);
  await staging.end();
}

function isPlain(source: InputSource): source is FileSource {
  return 'location' in source && source.format.rows === 'jsonl' && !source.format.gzip;
}

function linesOf(source: InputSource, reading: Reading): AsyncIterable<Buffer> | Buffer[] {
  if ('inline' in source) return [Buffer.from(source.inline.map((line) => `${line}\n`).join(''))];
  const { location, sizeBytes, format } = source;
  const { signal, report } = reading;
  if (format.rows === 'parquet') return parquetLines({ location, sizeBytes, signal, onBytes: report });
  const plain = bytesOf(source, reading);
  const bytes = format.gzip ? gunzip(plain, location) : plain;
  if (format.rows === 'jsonl') return bytes;
  return csvLines(bytes, { delimiter: format.rows === 'tsv' ? '\t' : ',', label: location });
}

async function* bytesOf({ location }: FileSource, { signal, report }: Reading): AsyncGenerator<Buffer> {
  const { folder, name } = openFile(location);
  for await (const bytes of folder.read(name, { signal })) {
    report(bytes.length);
    yield bytes;
  }
}

/** JSON Lines by file and line; what has other rows by the row's number. */
function nameOf({ origin, line }: RowPlace, sources: readonly InputSource[]): string {
  const source = sources[origin];
  if (!source || 'inline' in source) return `inline input ${line} of the request`;
  return source.format.rows === 'jsonl' ? `${source.location}:${line}` : `${source.location} row ${line}`;
}
