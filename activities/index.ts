import { asActivities } from './as-activities.js';
import { createBatchActivities } from './batch/index.js';
import { createBundleActivities, createBundleStore } from './bundle/index.js';
import { createCommandActivities } from './command/index.js';
import type { ActivityConfig } from './config.js';
import { createInferenceActivities } from './inference/index.js';
import { createPathGuard } from './paths.js';
import { createModelCache } from './runtime/model-cache.js';
import { builtInRuntimes } from './runtime/registry.js';

/** Every activity, over what the worker's operator decided. */
export function createActivities(config: ActivityConfig) {
  const paths = createPathGuard(config.roots);
  const store = createBundleStore(config, paths);
  const deps = { config, paths, ensureBundle: store.ensure, models: createModelCache(builtInRuntimes) };
  return asActivities({
    ...createBundleActivities(config, paths, store),
    ...createInferenceActivities(deps),
    ...createBatchActivities(deps),
    ...createCommandActivities(config, paths),
  });
}

export type Activities = ReturnType<typeof createActivities>;
