import { traceBundle } from '../engine/bundles/trace-bundle.js';
import type { BundleFacts, ModelAccessJobRequest } from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';

/** Makes the bundle from what is on this disk, or from the hub where the request allows it. */
export async function materializeBundle(
  { paths, store, sign }: ActivityDeps,
  request: ModelAccessJobRequest,
  work: ActivityWork,
): Promise<BundleFacts> {
  const bundle = await store.materialize(request, work);
  await sign?.(request, bundle, work);
  return traceBundle(bundle, request, paths, work);
}
