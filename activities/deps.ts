import type { BundleStore } from '../engine/bundles/store.js';
import type { InferenceDeps } from '../engine/inference/deps.js';
import type { ActivityConfig } from './config.js';

/** What activities work with. */
export interface ActivityDeps extends InferenceDeps {
  config: ActivityConfig;
  store: BundleStore;
}
