import { runShard as run, type RunShard } from '../engine/datasets/run-shard.js';
import type { ShardFacts } from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';

/** Runs one shard, from its last durable row on. */
export function runShard(deps: ActivityDeps, input: RunShard, work: ActivityWork): Promise<ShardFacts> {
  return run(deps, input, work);
}
