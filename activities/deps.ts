import type { BundleSigner } from '../engine/bundles/signatures/sign-bundle.js';
import type { BundleStore } from '../engine/bundles/store.js';
import type { CommandSlots } from '../engine/commands/command-slots.js';
import type { InferenceDeps } from '../engine/inference/deps.js';
import type { ActivityConfig } from './config.js';

/** What activities work with. */
export interface ActivityDeps extends InferenceDeps {
  config: ActivityConfig;
  store: BundleStore;
  /** Places for commands. */
  slots: CommandSlots;
  /** Signs what this worker makes, where its operator gave it a key. */
  sign?: BundleSigner | undefined;
}
