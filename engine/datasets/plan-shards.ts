import type { ModelAccessJobRequest, ShardPlan } from '../../planner/index.js';
import type { InferenceDeps } from '../inference/deps.js';
import type { JobWork } from '../workspace/work.js';
import { outputsSignatureName } from '../signing/signature.js';
import { openFolder, parentOf } from '../storage/index.js';
import { cutDataSet, settleIndex } from './cut-data-set.js';
import { planRetry } from './plan-retry.js';
import { pinBatchModel } from './run/model-file.js';
import { findBase } from './retry/base-shard.js';
import { batchFolder } from './shards/batch-folder.js';
import { writeRequest } from './shards/request-file.js';
import { findIndex, successName, type ShardIndex } from './shards/shard-index.js';

/** `runKey` tells one run of a job from the next: a job that is run again must not find its old shards. */
export interface PlanShards {
  request: ModelAccessJobRequest;
  runKey: string;
}

type Deps = Pick<InferenceDeps, 'home' | 'paths'>;

/**
 * Cuts the request's data set into shards, once for each run, and pins the model of all of them. A retry has the shards
 * and the model of the batch that it retries.
 */
export async function planShards(
  deps: InferenceDeps,
  { request, runKey }: PlanShards,
  work: JobWork,
): Promise<ShardPlan> {
  const { jobId, signal } = work;
  const folder = await batchFolder(deps, request, { jobId, runKey });
  const base = await findBase(deps, request, signal);
  const index = (await findIndex(folder, signal)) ?? (await makeIndex(deps, { request, folder, base }, work));
  const pinned = await pinBatchModel(deps, request, { folder, base }, work);
  return { ...planOf(folder, index), ...(base === undefined ? {} : { base }), ...pinned };
}

interface MakeIndex {
  request: ModelAccessJobRequest;
  folder: string;
  base: string | undefined;
}

async function makeIndex(deps: Deps, { request, folder, base }: MakeIndex, work: JobWork): Promise<ShardIndex> {
  // What a run before this one has finished is not this one's.
  for (const name of [successName, outputsSignatureName]) await openFolder(parentOf(folder)).unlink(name, work.signal);
  await writeRequest(folder, request, work.signal);
  if (base !== undefined) return planRetry(deps, { request, folder, base }, work);
  return settleIndex(deps, { folder, index: await cutDataSet(deps, { request, folder }, work) }, work);
}

function planOf(folder: string, { shards }: ShardIndex): ShardPlan {
  return {
    folder,
    rows: shards.reduce((sum, { rows }) => sum + rows, 0),
    shards: shards.length,
    shardSize: shards[0]?.rows ?? 0,
  };
}
