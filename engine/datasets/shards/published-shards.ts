import { join } from 'node:path';
import type { ShardPlan } from '../../../planner/index.js';
import { openFolder } from '../../storage/index.js';
import { linesIn } from '../../../system/files/lines.js';
import { workFolder } from './batch-folder.js';
import { shardName } from './shard-index.js';

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

/** The lines of a finished shard. */
export function publishedLines(
  { folder }: Pick<ShardPlan, 'folder'>,
  shard: number,
  signal: AbortSignal,
): AsyncGenerator<string[]> {
  return linesIn(openFolder(folder).read(shardName(shard), { signal }));
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
