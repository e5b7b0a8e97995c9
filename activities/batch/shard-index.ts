import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelJobError } from '../../planner/index.js';
import { writeFileAtomic } from '../job-files.js';

/** A run of rows in one source file: its bytes, and how many rows they hold. */
export interface ShardPart {
  /** Index into the index's sources. */
  source: number;
  /** Byte offsets; `end` is not included. */
  start: number;
  end: number;
}

/** One shard: rows `firstRow` to `firstRow + rows - 1` of the data set. */
export interface Shard {
  firstRow: number;
  rows: number;
  parts: ShardPart[];
}

/** A data set cut into shards, kept in the batch's folder: it can be far larger than a payload. */
export interface ShardIndex {
  sources: string[];
  shards: Shard[];
}

/** Writes the index, the last file of a plan. */
export async function writeIndex(folder: string, index: ShardIndex): Promise<void> {
  await writeFileAtomic(join(folder, 'index.json'), JSON.stringify(index));
}

/** The index of a batch, where it is there already. */
export async function findIndex(folder: string): Promise<ShardIndex | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as ShardIndex;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The index of a batch.
 *
 * @throws ModelJobError `StateUnavailable` on a worker that does not see the batch's folder; another may
 */
export async function readIndex(folder: string): Promise<ShardIndex> {
  const index = await findIndex(folder);
  if (index) return index;
  throw new ModelJobError(
    'StateUnavailable',
    `\`${folder}\` is not on this worker: workers of one task queue must share MODEL_JOBS_HOME to share a batch`,
  );
}

/** Where a finished shard is. */
export function shardPath(folder: string, shard: number): string {
  return join(folder, 'shards', `${String(shard).padStart(6, '0')}.jsonl`);
}
