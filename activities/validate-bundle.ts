import { validateBundle as validate } from '../engine/bundles/validate-bundle.js';
import type { ListedValidation, ModelAccessJobRequest } from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';

/**
 * Checks the local inputs and the bundle. What is wrong with the bundle is a fact; the workflow judges it.
 *
 * @throws ModelJobError `NotFound` for a missing input, or when there is neither an input nor a bundle
 */
export function validateBundle(
  deps: ActivityDeps,
  request: ModelAccessJobRequest,
  work: ActivityWork,
): Promise<ListedValidation> {
  return validate(deps, request, work);
}
