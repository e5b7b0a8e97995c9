import type { BatchExcerpt, BatchFacts, ShardFacts, ShardPlan } from '../../planner/index.js';
import type { InferenceDeps } from '../inference/deps.js';
import { assembleBatch, type AssembleBatch } from './assemble-batch.js';
import { listDone, type ListDone } from './list-done.js';
import { planShards, type PlanShards } from './plan-shards.js';
import { runShard, type RunShard } from './run-shard.js';

/** The activities of BatchInference: cut the data set, run a shard, put the shards together or list them. */
export function createBatchActivities(deps: InferenceDeps) {
  return {
    planShards: (input: PlanShards): Promise<ShardPlan> => planShards(deps, input),
    runShard: (input: RunShard): Promise<ShardFacts> => runShard(deps, input),
    assembleBatch: (input: AssembleBatch): Promise<BatchFacts> => assembleBatch(input),
    listDone: (input: ListDone): Promise<BatchExcerpt> => listDone(input),
  };
}
