import { warmModel } from '../engine/inference/warm-model.js';
import type { ModelAccessJobRequest, WarmupFacts } from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';

/** Loads the model into all of its processes and runs one small input twice; the model stays loaded. */
export function warmRuntime(
  deps: ActivityDeps,
  request: ModelAccessJobRequest,
  work: ActivityWork,
): Promise<WarmupFacts> {
  return warmModel(deps, request, work);
}
