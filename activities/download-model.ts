import { traceBundle } from '../engine/bundles/trace-bundle.js';
import type { BundleFacts, ModelAccessJobRequest } from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';

/** Fetches the requested files into the hub cache and makes the bundle of them, all on one worker. */
export async function downloadModel(
  { paths, store, sign }: ActivityDeps,
  request: ModelAccessJobRequest,
  work: ActivityWork,
): Promise<BundleFacts> {
  const bundle = await store.download(request, work);
  await sign?.(request, bundle, work);
  return traceBundle(bundle, request, paths, work);
}
