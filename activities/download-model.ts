import type { BundleFacts, ModelAccessJobRequest } from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';

/** Fetches the requested files into the hub cache and makes the bundle of them, all on one worker. */
export function downloadModel(
  { store }: ActivityDeps,
  request: ModelAccessJobRequest,
  work: ActivityWork,
): Promise<BundleFacts> {
  return store.download(request, work);
}
