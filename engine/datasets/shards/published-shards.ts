import { join } from 'node:path';
import { ModelJobError, type ShardPlan } from '../../../planner/index.js';
import { below, openFolder } from '../../storage/index.js';
import { linesIn } from '../../../system/files/lines.js';
import { workFolder } from './batch-folder.js';
import { rowOfLine } from './row-line.js';
import { readIndex, shardName } from './shard-index.js';

/**
 * Where this worker writes a shard before it is finished: beside the finished ones where that is a disk, so that
 * another host goes on with it; else in the run's folder on this worker.
 */
export function shardWorkPath(home: string, jobId: string, plan: ShardPlan, shard: number): string {
  return join(workFolder(home, jobId, plan.folder), shardName(shard));
}

/** Moves a finished shard to the batch's folder, where it is readable at once and as a whole. */
export async function publishShard(plan: ShardPlan, shard: number, path: string, signal: AbortSignal): Promise<void> {
  await openFolder(plan.folder).publish(path, shardName(shard), signal);
}

/** Whether a shard is finished. */
export async function isShardPublished(
  { folder }: Pick<ShardPlan, 'folder'>,
  shard: number,
  signal?: AbortSignal,
): Promise<boolean> {
  return (await openFolder(folder).stat(shardName(shard), signal)) !== undefined;
}

/**
 * The lines of a finished shard: those of its rows, each once and in order.
 *
 * @throws ModelJobError `IntegrityError` that names the file and the line
 */
export async function* publishedLines(
  { folder }: Pick<ShardPlan, 'folder'>,
  shard: number,
  signal: AbortSignal,
): AsyncGenerator<string[]> {
  const { firstRow, rows } = (await readIndex(folder, signal)).shards[shard] ?? { firstRow: 0, rows: 0 };
  let found = 0;
  for await (const lines of linesIn(openFolder(folder).read(shardName(shard), { signal }))) {
    for (const line of lines) {
      if (found === rows || rowOfLine(line) !== firstRow + found) throw noSuchRow(folder, shard, found, line);
      found += 1;
    }
    yield lines;
  }
  if (found < rows) throw noSuchRow(folder, shard, found, '');
}

function noSuchRow(folder: string, shard: number, at: number, line: string): ModelJobError {
  const place = `${below(folder, shardName(shard))}:${at + 1}`;
  const found = line === '' ? 'the file ends there' : line.slice(0, 100);
  return new ModelJobError('IntegrityError', `\`${place}\` is not the next row of its batch: ${found}`);
}

/** The finished shards of a batch: their sizes in bytes, by number. */
export async function publishedShards(plan: ShardPlan, signal?: AbortSignal): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for await (const { name, sizeBytes } of openFolder(plan.folder).list('shards/', signal)) {
    const [, digits] = /^shards\/(\d{6,})\.jsonl$/.exec(name) ?? [];
    if (digits !== undefined) found.set(Number(digits), sizeBytes);
  }
  return found;
}
