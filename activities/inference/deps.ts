import type { BundleFacts, ModelAccessJobRequest } from '../../planner/index.js';
import type { ActivityConfig } from '../config.js';
import type { PathGuard } from '../paths.js';
import type { Reporter } from '../reporter.js';
import type { ModelCache } from '../runtime/model-cache.js';
import type { RuntimeRegistry } from '../runtime/registry.js';

/** What activities that run models work with. */
export interface InferenceDeps {
  config: ActivityConfig;
  paths: PathGuard;
  /** Makes sure that this worker has the request's bundle. */
  ensureBundle: (request: ModelAccessJobRequest, reporter: Reporter) => Promise<BundleFacts>;
  runtimes: RuntimeRegistry;
  models: ModelCache;
}
