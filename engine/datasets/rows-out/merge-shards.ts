import { openFolder, type StoredFile } from '../../storage/index.js';
import { shardName } from '../shards/shard-index.js';
import { openFileSink, type FileSink } from './file-sink.js';
import { openAiLines } from './openai-lines.js';
import { countTruncated } from './count-truncated.js';
import { createOutcomeScanner, type OnLines } from './outcome-scanner.js';
import { openParquetSink } from './parquet-sink.js';
import { readAhead } from './read-ahead.js';
import { OtherTable, type TableForm } from './table-form.js';

/** Bytes that are looked at in one go: others have their turn in between. */
const turnBytes = 1 << 18;

/** What is put together; plain data, for it goes to a thread. */
export interface Shards {
  /** Where finished shards are, and where the files go: paths or `s3://…`. */
  folder: string;
  target: string;
  /** Rows of each shard, in order. */
  rows: number[];
  format: OutputFormat;
}

export type OutputFormat = 'jsonl' | 'parquet' | 'openai';

/** The name of the file of outputs in a format. */
export function outputNameOf(format: OutputFormat): string {
  return format === 'parquet' ? 'output.parquet' : 'output.jsonl';
}

export interface MergeContext {
  signal: AbortSignal;
  /** Called with how many shards were read. */
  report: (shards: number) => void;
}

export interface MergedFile extends StoredFile {
  rows: number;
}

/** The files, or the shard whose lines are not its rows, one for each and in order. */
export type Merged = { output: MergedFile; errors: MergedFile; truncated: number } | { badShard: number };

/**
 * Writes the lines of all shards, in their order, to one file of outputs and one of errors. Both get their names when
 * they are whole; to do it again changes nothing.
 */
export async function mergeShards(shards: Shards, context: MergeContext): Promise<Merged> {
  let form: TableForm | undefined;
  for (;;) {
    try {
      return await writeFiles(shards, form, context);
    } catch (error) {
      if (!(error instanceof OtherTable)) throw error;
      form = error.form;
    }
  }
}

async function writeFiles(shards: Shards, form: TableForm | undefined, context: MergeContext): Promise<Merged> {
  const target = openFolder(shards.target);
  const output = openFileSink(target, outputNameOf(shards.format), context.signal);
  const errors = openFileSink(target, 'errors.jsonl', context.signal);
  try {
    const outputs = shards.format === 'parquet' ? await openParquetSink(output, form) : output;
    const counts = { output: 0, error: 0, truncated: 0 };
    const add = inFormat(shards, (kind, lines) => (kind === 'error' ? errors : outputs).add(lines));
    const badShard = await copyShards(shards, context, [output, errors], (kind, lines, count) => {
      counts[kind] += count;
      counts.truncated += countTruncated(lines);
      add(kind, lines, count);
    });
    if (badShard !== undefined) {
      await discardAll(output, errors);
      return { badShard };
    }
    const [outputFile, errorFile] = await Promise.all([outputs.publish(), errors.publish()]);
    return {
      output: { ...outputFile, rows: counts.output },
      errors: { ...errorFile, rows: counts.error },
      truncated: counts.truncated,
    };
  } catch (error) {
    await discardAll(output, errors);
    throw error;
  }
}

/** Lines as they are, but for OpenAI's files. */
function inFormat({ format, folder }: Shards, add: OnLines): OnLines {
  if (format !== 'openai') return add;
  const toOpenAi = openAiLines(folder);
  return (kind, lines, count) => {
    const texts = lines.toString('utf8', 0, lines.length - 1).split('\n');
    add(kind, Buffer.from(texts.map((line) => `${toOpenAi(kind, line)}\n`).join('')), count);
  };
}

/** Returns the first shard that is not as it should be. */
async function copyShards(
  { folder, rows }: Shards,
  { signal, report }: MergeContext,
  sinks: readonly FileSink[],
  onLines: OnLines,
): Promise<number | undefined> {
  const from = openFolder(folder);
  const scanner = createOutcomeScanner(onLines);
  const readers = readAhead(rows.length, (shard) => from.read(shardName(shard), { signal }));
  let firstRow = 0;
  try {
    for (const [shard, wanted] of rows.entries()) {
      scanner.open(firstRow);
      for await (const bytes of readers.read(shard)) {
        for (let at = 0; at < bytes.length; at += turnBytes) {
          signal.throwIfAborted();
          scanner.push(bytes.subarray(at, at + turnBytes));
          for (const sink of sinks) await sink.drain();
        }
      }
      if (scanner.close() !== wanted) return shard;
      firstRow += wanted;
      report(shard + 1);
    }
    return undefined;
  } finally {
    await readers.close();
  }
}

async function discardAll(...sinks: FileSink[]): Promise<void> {
  await Promise.all(sinks.map((sink) => sink.discard()));
}
