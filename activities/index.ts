import { createBundleDigests } from '../engine/bundles/signatures/bundle-digests.js';
import { createPublishedSignature } from '../engine/bundles/signatures/published-signature.js';
import { createBundleSigner } from '../engine/bundles/signatures/sign-bundle.js';
import { createModelTrust } from '../engine/bundles/signatures/trust.js';
import { useTrusted } from '../engine/bundles/signatures/use-trusted.js';
import { createBundleStore } from '../engine/bundles/store.js';
import { forgetJob, noteJob } from '../engine/bundles/users.js';
import { createHubHttp } from '../engine/hub/http.js';
import { createCommandSlots } from '../engine/commands/command-slots.js';
import { countOomKills } from '../system/memory/oom-kills.js';
import type { BundleUsers } from '../engine/inference/deps.js';
import { createModelCache } from '../engine/models/use/model-cache.js';
import { runtimesOf } from '../engine/runtimes/index.js';
import { sampleFolder } from '../engine/workspace/layout.js';
import { createPathGuard } from '../engine/workspace/paths.js';
import { realPlace } from '../system/files/contained.js';
import { asActivities } from './as-activities.js';
import { assembleBatch } from './assemble-batch.js';
import { awaitInputs } from './await-inputs.js';
import type { ActivityConfig } from './config.js';
import type { ActivityDeps } from './deps.js';
import { downloadModel } from './download-model.js';
import { listDone } from './list-done.js';
import { materializeBundle } from './materialize-bundle.js';
import { planShards } from './plan-shards.js';
import { runCommand } from './run-command.js';
import { runInference } from './run-inference.js';
import { runShard } from './run-shard.js';
import { validateBundle } from './validate-bundle.js';
import { warmRuntime } from './warm-runtime.js';

/** The activities of a worker, and what they keep open. */
export interface OpenActivities {
  activities: Activities;
  /** Unloads all models: for a worker that has drained. */
  close: () => Promise<void>;
}

export type Activities = ReturnType<typeof createActivities>;

/** Opens every activity, over what the worker's operator decided. */
export function openActivities(config: ActivityConfig): OpenActivities {
  const { roots, secretFiles, commands, hub, runtime, signing } = config;
  // What is written is held against its path, links and all.
  const home = realPlace(config.home);
  const closed = { home, secretFiles };
  const paths = createPathGuard(roots, closed);
  const store = createBundleStore({ home, hub }, paths);
  const runtimes = runtimesOf(runtime.modules);
  const settings = { ...runtime.settings, roots: [...roots, sampleFolder(home)], closed, commands };
  const models = createModelCache(runtimes, { ...runtime, settings });
  const digests = createBundleDigests();
  const trust =
    signing?.trust &&
    createModelTrust(signing.trust, digests, createPublishedSignature({ hub, http: createHubHttp(hub) }, paths));
  const sign = signing?.key && createBundleSigner(signing.key, digests, trust);
  const useBundle = trust ? useTrusted(home, store.use, trust) : store.use;
  const bundleUsers: BundleUsers = {
    keep: (model, jobId) => noteJob(home, model, jobId),
    release: (model, jobId) => forgetJob(home, model, jobId),
  };
  const slots = createCommandSlots(config.maxCommands);
  countOomKills();
  const deps = { config, home, paths, slots, store, useBundle, bundleUsers, sign, runtimes, settings, models };
  return { activities: createActivities(deps), close: () => models.close() };
}

function createActivities(deps: ActivityDeps) {
  const activities = {
    awaitInputs,
    downloadModel,
    materializeBundle,
    validateBundle,
    warmRuntime,
    runInference,
    planShards,
    runShard,
    assembleBatch,
    listDone,
    runCommand,
  };
  return asActivities(deps, activities, deps.config.retries);
}
