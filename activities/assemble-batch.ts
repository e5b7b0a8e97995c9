import { assembleBatch as assemble, type AssembleBatch } from '../engine/datasets/assemble-batch.js';
import type { BatchFacts } from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';

/** Puts the shards together, or names those that have to be run again. A batch that is done needs its model no more. */
export async function assembleBatch(
  { bundleUsers, config }: ActivityDeps,
  input: AssembleBatch,
  work: ActivityWork,
): Promise<BatchFacts> {
  const facts = await assemble(input, work, config.signing?.key);
  const { model } = input.plan;
  if (model && facts.missingShards.length === 0) await bundleUsers.release(model, work.jobId);
  return facts;
}
