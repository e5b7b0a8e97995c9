import { listDone as list, type ListDone } from '../engine/datasets/list-done.js';
import type { BatchExcerpt } from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';

/** Lists what a batch has done that ends before its end; it needs its model no more. */
export async function listDone(deps: ActivityDeps, input: ListDone, work: ActivityWork): Promise<BatchExcerpt> {
  const { model } = input.plan;
  if (model) await deps.bundleUsers.release(model, work.jobId);
  return list(deps, input, work);
}
