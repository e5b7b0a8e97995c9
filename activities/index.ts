import { asActivities } from './as-activities.js';
import { createBatchActivities } from './batch/index.js';
import { createBundleActivities, createBundleStore, type BundleStore } from './bundle/index.js';
import { createCommandActivities } from './command/index.js';
import type { ActivityConfig } from './config.js';
import type { InferenceDeps } from './inference/deps.js';
import { createInferenceActivities } from './inference/index.js';
import { createInputActivities } from './inputs/index.js';
import { createPathGuard } from './paths.js';
import { createModelCache } from './runtime/model-cache.js';
import { runtimesOf } from './runtime/registry.js';

/** The activities of a worker, and what they keep open. */
export interface OpenActivities {
  activities: Activities;
  /** Unloads all models: for a worker that has drained. */
  close: () => Promise<void>;
}

/** Opens every activity, over what the worker's operator decided. */
export function openActivities(config: ActivityConfig): OpenActivities {
  const paths = createPathGuard(config.roots);
  const store = createBundleStore(config, paths);
  const runtimes = runtimesOf(config.runtime.modules);
  const models = createModelCache(runtimes, config.runtime);
  const activities = createActivities({ config, paths, store, runtimes, models });
  return { activities, close: () => models.close() };
}

function createActivities({ store, ...deps }: Omit<InferenceDeps, 'ensureBundle'> & { store: BundleStore }) {
  const { config, paths } = deps;
  const inference = { ...deps, ensureBundle: store.ensure };
  return asActivities({
    ...createInputActivities(paths),
    ...createBundleActivities(config, paths, store),
    ...createInferenceActivities(inference),
    ...createBatchActivities(inference),
    ...createCommandActivities(config, paths),
  });
}

export type Activities = ReturnType<typeof createActivities>;
