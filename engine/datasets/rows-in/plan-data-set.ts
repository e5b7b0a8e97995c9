import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelJobError } from '../../../planner/index.js';
import { makeRealFolder } from '../../../system/files/real-folder.js';
import { openFile, openFolder } from '../../storage/index.js';
import type { ShardIndex } from '../shards/shard-index.js';
import type { InputSource } from './input-files.js';
import type { ShardSizes } from './cells.js';
import { openRows, type CsvOptions, type FileSource, type ReadFile } from './read-file.js';
import { createRowCounter, type RowCounter } from './row-counter.js';
import { stagedLine } from './staged-row.js';
import { createStaging, type Staging } from './staging.js';

/** What a plan is made from; plain data, for it goes to a thread. */
export interface DataSet {
  sources: InputSource[];
  /** The batch's folder: a path or `s3://…`. */
  folder: string;
  /** A folder of this machine that the plan may use and removes. */
  scratch: string;
  sizes?: ShardSizes;
  csv?: CsvOptions | null | undefined;
}

export interface PlanContext {
  signal: AbortSignal;
  /** Called with how many bytes of the sources were read since the last call. */
  report: (bytes: number) => void;
}

/**
 * Reads a data set once, and cuts it into shards. Plain JSON Lines stay where they are; all else becomes JSON Lines in
 * the batch's folder, so that a shard is always a few ranges of bytes.
 *
 * @throws ModelJobError `InvalidArgument` when two rows have one `custom_id`, or a file can't be read as its format
 */
export async function planDataSet(dataSet: DataSet, context: PlanContext): Promise<ShardIndex> {
  const { sources, sizes, csv, signal } = { ...dataSet, ...context };
  const token = randomBytes(4).toString('hex');
  const scratch = join(dataSet.scratch, `plan-${token}`);
  await makeRealFolder(scratch);
  const counter = createRowCounter({ sizes, scratch, signal });
  const folder = openFolder(dataSet.folder);
  const staging = createStaging({ folder, prefix: `rows-${token}`, scratch, counter, signal });
  try {
    for (const [origin, source] of sources.entries())
      await readSource(source, origin, { counter, staging, csv, ...context });
    await staging.finish();
    const index = await counter.finish();
    return { ...index, checks: await counter.checks.publish(folder, `checks-${token}`, signal) };
  } catch (error) {
    await staging.discard();
    throw error;
  } finally {
    await staging.close();
    await counter.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Reading extends PlanContext, Pick<ReadFile, 'csv'> {
  counter: RowCounter;
  staging: Staging;
}

async function readSource(source: InputSource, origin: number, reading: Reading): Promise<void> {
  const { staging, signal } = reading;
  if ('inline' in source) {
    staging.begin(origin, { location: 'inputs', form: 'rows' });
    for (const { index, text } of source.inline) {
      await staging.write(Buffer.from(`${stagedLine({ place: `[${index}]`, text })}\n`));
    }
    return;
  }
  const { folder, name } = openFile(source.location);
  const version = await folder.versionOf(name, signal);
  await readFileRows(source, origin, { ...reading, version });
  // An object on S3 is read by its version.
  const now = folder.isLocal ? await folder.versionOf(name, signal) : version;
  if (now?.sizeBytes === version?.sizeBytes && now?.modifiedMs === version?.modifiedMs) return;
  throw new ModelJobError('IntegrityError', `\`${source.location}\` changed while it was read`);
}

/** Plain JSON Lines stay where they are. */
async function readFileRows(source: FileSource, origin: number, reading: Reading & ReadFile): Promise<void> {
  const { counter, staging, version } = reading;
  const { location } = source;
  const { form, bytes } = await openRows(source, reading);
  if (form === 'plain') {
    counter.begin({ origin, source: { location, version }, line: 1 });
    for await (const piece of bytes) await counter.push(piece);
    return;
  }
  staging.begin(origin, { location, form, version });
  for await (const piece of bytes) await staging.write(piece);
  await staging.end();
}
