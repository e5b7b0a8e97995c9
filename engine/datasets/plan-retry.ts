import { ModelJobError, type ModelAccessJobRequest, type ModelJobInput } from '../../planner/index.js';
import type { InferenceDeps } from '../inference/deps.js';
import { below } from '../storage/index.js';
import type { JobWork } from '../workspace/work.js';
import { cutDataSet, settleIndex } from './cut-data-set.js';
import { placeMended } from './retry/match-mended.js';
import { inheritMended } from './retry/mended-rows.js';
import { forgetOverruled, refuseOtherRows } from './retry/same-rows.js';
import { areCopiesCurrent, readShardRows, refuseChanges, removeUnused, type SourceRow } from './rows-in/index.js';
import { localBatchFolder } from './shards/batch-folder.js';
import { readIndex, type ShardIndex } from './shards/shard-index.js';

type Deps = Pick<InferenceDeps, 'home' | 'paths'>;

/** A batch whose rows are run again that have not succeeded. */
export interface PlanRetry {
  request: ModelAccessJobRequest;
  /** The retry's folder, and the batch's. */
  folder: string;
  base: string;
}

/**
 * Plans a retry: its shards have the rows of the batch's. Inputs may have been mended in place, or mended rows come apart.
 *
 * @throws ModelJobError `IntegrityError` for inputs in which a row that has succeeded is not what and where it was;
 *   `InvalidArgument` for mended rows of which none has failed
 */
export async function planRetry(deps: Deps, retry: PlanRetry, work: JobWork): Promise<ShardIndex> {
  const { request, folder, base } = retry;
  const before = await readIndex(base, work.signal);
  const mended = request.options?.batch?.retryOf?.mended;
  // Inputs may be gone where mended rows take the places of all that are read.
  const index = mended ? before : await indexOfInputs(deps, retry, before, work);
  await inheritMended(base, folder, work.signal);
  if (index !== before) await forgetOverruled({ folder, before, now: index }, work.signal);
  if (mended) await placeMended({ base, folder, index }, mendedRows(deps, retry, mended, work), work.signal);
  return settleIndex(deps, { folder, index }, work);
}

/** Inputs that are what they were have the plan that they had. */
async function indexOfInputs(
  deps: Deps,
  { request, folder, base }: PlanRetry,
  before: ShardIndex,
  work: JobWork,
): Promise<ShardIndex> {
  try {
    await refuseChanges(before, work.signal);
    if (before.checks === undefined || request.inputs.length === 0) return before;
    if (await areCopiesCurrent(before, work.signal)) return before;
  } catch (error) {
    const isChange = error instanceof ModelJobError && error.code === 'IntegrityError';
    // Versions before this one kept no checks, and left a retry without its inputs.
    if (!isChange || before.checks === undefined || request.inputs.length === 0) throw error;
  }
  const now = await cutDataSet(deps, { request, folder, sizes: before.shards.map(({ rows }) => rows) }, work);
  await refuseOtherRows({ base, before, now }, work.signal);
  return now;
}

async function* mendedRows(
  deps: Deps,
  { request, folder }: PlanRetry,
  inputs: ModelJobInput[],
  work: JobWork,
): AsyncGenerator<SourceRow[]> {
  const copies = below(folder, 'mended');
  const index = await cutDataSet(deps, { request: { ...request, inputs }, folder: copies }, work);
  for (const shard of index.shards.keys()) yield* readShardRows(index, shard, work);
  await removeUnused(copies, localBatchFolder(deps.home, work.jobId, copies), { sources: [], shards: [] }, work.signal);
}
