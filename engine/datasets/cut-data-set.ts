import type { ModelAccessJobRequest } from '../../planner/index.js';
import type { InferenceDeps } from '../inference/deps.js';
import type { JobWork } from '../workspace/work.js';
import { bytesOf, inputSources, planInThread, removeUnused, type ShardSizes } from './rows-in/index.js';
import { localBatchFolder } from './shards/batch-folder.js';
import { findIndex, writeIndex, type ShardIndex } from './shards/shard-index.js';

/** A data set that is to be cut into shards. */
export interface CutDataSet {
  request: Pick<ModelAccessJobRequest, 'inputs' | 'options'>;
  /** Where its copies go. */
  folder: string;
  /** The rows of each shard. Default: as the request says. */
  sizes?: ShardSizes;
}

/** Reads the inputs of a request once, and cuts their rows into shards. */
export async function cutDataSet(
  { home, paths }: Pick<InferenceDeps, 'home' | 'paths'>,
  { request, folder, sizes }: CutDataSet,
  { jobId, signal, report }: JobWork,
): Promise<ShardIndex> {
  const sources = await inputSources(request, paths, signal);
  const total = Math.max(bytesOf({ sources }), 1);
  const scratch = localBatchFolder(home, jobId, folder);
  const { shardSize, csv } = request.options?.batch ?? {};
  let read = 0;
  return planInThread(
    { sources, folder, scratch, sizes: sizes ?? shardSize, csv },
    {
      signal,
      report(bytes) {
        read += bytes;
        report({ completed: Math.min(read, total), total, unit: 'bytes', message: 'counting rows' });
      },
    },
  );
}

/** Makes an index that of the batch, unless another attempt was faster: its shards may be at work. */
export async function settleIndex(
  { home }: Pick<InferenceDeps, 'home'>,
  { folder, index }: { folder: string; index: ShardIndex },
  { jobId, signal }: JobWork,
): Promise<ShardIndex> {
  const other = await findIndex(folder, signal);
  if (!other) await writeIndex(folder, index, signal);
  await removeUnused(folder, localBatchFolder(home, jobId, folder), other ?? index, signal);
  return other ?? index;
}
