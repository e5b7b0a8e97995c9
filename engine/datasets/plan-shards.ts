import type { ModelAccessJobRequest, ShardPlan } from '../../planner/index.js';
import type { InferenceDeps } from '../inference/deps.js';
import type { JobWork } from '../workspace/work.js';
import { openFolder, parentOf } from '../storage/index.js';
import { batchFolder, localBatchFolder } from './shards/batch-folder.js';
import { bytesOf, inputSources, planInThread, removeUnused } from './rows-in/index.js';
import { findBase } from './retry/base-shard.js';
import { findIndex, readIndex, successName, writeIndex, type ShardIndex } from './shards/shard-index.js';

/** `runKey` tells one run of a job from the next: a job that is run again must not find its old shards. */
export interface PlanShards {
  request: ModelAccessJobRequest;
  runKey: string;
}

type Deps = Pick<InferenceDeps, 'home' | 'paths'>;

/** Cuts the request's data set into shards, once for each run. A retry has the shards of the batch that it retries. */
export async function planShards(deps: Deps, { request, runKey }: PlanShards, work: JobWork): Promise<ShardPlan> {
  const { jobId, signal } = work;
  const folder = await batchFolder(deps, request, { jobId, runKey });
  const base = await findBase(deps, request, signal);
  const index = (await findIndex(folder, signal)) ?? (await makeIndex(deps, { request, folder, base }, work));
  return { ...planOf(folder, index), ...(base === undefined ? {} : { base }) };
}

interface MakeIndex {
  request: ModelAccessJobRequest;
  folder: string;
  base: string | undefined;
}

async function makeIndex(deps: Deps, { request, folder, base }: MakeIndex, work: JobWork): Promise<ShardIndex> {
  // What a run before this one has finished is not this one's.
  await openFolder(parentOf(folder)).unlink(successName, work.signal);
  return base === undefined ? cut(deps, request, folder, work) : copyIndex(base, folder, work.signal);
}

async function copyIndex(base: string, folder: string, signal: AbortSignal): Promise<ShardIndex> {
  const index = await readIndex(base, signal);
  await writeIndex(folder, index, signal);
  return index;
}

async function cut(
  { home, paths }: Deps,
  request: ModelAccessJobRequest,
  folder: string,
  { jobId, signal, report }: JobWork,
): Promise<ShardIndex> {
  const sources = await inputSources(request, paths, signal);
  const total = Math.max(bytesOf({ sources }), 1);
  const scratch = localBatchFolder(home, jobId, folder);
  let read = 0;
  const index = await planInThread(
    { sources, folder, scratch, shardSize: request.options?.batch?.shardSize, csv: request.options?.batch?.csv },
    {
      signal,
      report(bytes) {
        read += bytes;
        report({ completed: Math.min(read, total), total, unit: 'bytes', message: 'counting rows' });
      },
    },
  );
  // An attempt that the server gave up may have been faster: its shards may be at work.
  const other = await findIndex(folder, signal);
  if (!other) await writeIndex(folder, index, signal);
  await removeUnused(folder, scratch, other ?? index, signal);
  return other ?? index;
}

function planOf(folder: string, { shards }: ShardIndex): ShardPlan {
  return {
    folder,
    rows: shards.reduce((sum, { rows }) => sum + rows, 0),
    shards: shards.length,
    shardSize: shards[0]?.rows ?? 0,
  };
}
