import { assembleBatch as assemble, type AssembleBatch } from '../engine/datasets/assemble-batch.js';
import type { BatchFacts } from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';

/** Puts the shards together, or names those that have to be run again. */
export function assembleBatch(_deps: ActivityDeps, input: AssembleBatch, work: ActivityWork): Promise<BatchFacts> {
  return assemble(input, work);
}
