import type { BundleFacts, ModelAccessJobRequest } from '../../planner/index.js';
import type { ModelCache } from '../models/use/model-cache.js';
import type { RuntimeRegistry } from '../models/contract/registry.js';
import type { PathGuard } from '../workspace/paths.js';
import type { Work } from '../workspace/work.js';

/** What work on a model needs. */
export interface InferenceDeps {
  /** `MODEL_JOBS_HOME`. */
  home: string;
  paths: PathGuard;
  /** Makes sure that this worker has the request's bundle. */
  ensureBundle: (request: ModelAccessJobRequest, work: Work) => Promise<BundleFacts>;
  /** Passes only models that may load here. Default: all of them. */
  trust?: ((request: ModelAccessJobRequest, bundle: BundleFacts, work: Work) => Promise<void>) | undefined;
  runtimes: RuntimeRegistry;
  models: ModelCache;
}
