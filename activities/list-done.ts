import { listDone as list, type ListDone } from '../engine/datasets/list-done.js';
import type { BatchExcerpt } from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';

/** Lists what a batch has done that ends before its end. */
export function listDone(deps: ActivityDeps, input: ListDone, work: ActivityWork): Promise<BatchExcerpt> {
  return list(deps, input, work);
}
