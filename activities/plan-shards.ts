import { planShards as plan, type PlanShards } from '../engine/datasets/plan-shards.js';
import type { ShardPlan } from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';

/** Cuts the request's data set into shards, once for each run. */
export function planShards(deps: ActivityDeps, input: PlanShards, work: ActivityWork): Promise<ShardPlan> {
  return plan(deps, input, work);
}
