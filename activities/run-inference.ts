import { infer } from '../engine/inference/infer.js';
import type { InferenceFacts, ModelAccessJobRequest } from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';

/** Runs all inputs, in batches, and writes the outputs to the job's folder. */
export function runInference(
  deps: ActivityDeps,
  request: ModelAccessJobRequest,
  work: ActivityWork,
): Promise<InferenceFacts> {
  return infer(deps, request, work);
}
