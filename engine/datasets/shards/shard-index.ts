import { ModelJobError, parseStored } from '../../../planner/index.js';
import { below, openFolder } from '../../storage/index.js';
import { shardIndexSchema, type ShardIndex } from './index-shapes.js';

export type { Mark, RowSource, Shard, ShardIndex, ShardPart } from './index-shapes.js';

const indexName = 'index.json';

/** The manifest of a batch that is done, beside its outputs. */
export const successName = '_SUCCESS.json';

/** The indexes that were read last, a retry's and that of its batch: shards follow each other, and no index changes. */
let latest: { folder: string; index: ShardIndex }[] = [];

/** Writes the index, the last file of a plan. */
export async function writeIndex(folder: string, index: ShardIndex, signal?: AbortSignal): Promise<void> {
  await openFolder(folder).write(indexName, [Buffer.from(JSON.stringify(index))], signal);
}

/**
 * The index of a batch, where it is there already.
 *
 * @throws ModelJobError `IntegrityError` for a file that is none
 */
export async function findIndex(folder: string, signal?: AbortSignal): Promise<ShardIndex | undefined> {
  const known = latest.find((each) => each.folder === folder);
  if (known) return known.index;
  const pieces: Buffer[] = [];
  try {
    for await (const piece of openFolder(folder).read(indexName, { signal })) pieces.push(piece);
  } catch (error) {
    if (error instanceof ModelJobError && error.code === 'NotFound') return undefined;
    throw error;
  }
  const index = parseStored(
    shardIndexSchema,
    Buffer.concat(pieces).toString(),
    below(folder, indexName),
    'plan of a batch',
  );
  latest = [{ folder, index }, ...latest.slice(0, 1)];
  return index;
}

/**
 * The index of a batch.
 *
 * @throws ModelJobError `StateUnavailable` on a worker that does not see the batch's folder; another may
 */
export async function readIndex(folder: string, signal?: AbortSignal): Promise<ShardIndex> {
  const index = await findIndex(folder, signal);
  if (index) return index;
  throw new ModelJobError(
    'StateUnavailable',
    `\`${folder}\` is not on this worker: workers of one task queue that share a batch need a folder that all of ` +
      'them see (options.batch.output), or one MODEL_JOBS_HOME',
  );
}

/** The name of a finished shard in the batch's folder. */
export function shardName(shard: number): string {
  return `shards/${String(shard).padStart(6, '0')}.jsonl`;
}
