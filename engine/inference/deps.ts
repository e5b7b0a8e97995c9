import type { ModelAccessJobRequest, ModelIdentity } from '../../planner/index.js';
import type { ModelCache, ModelFiles } from '../models/use/model-cache.js';
import type { RuntimeSettings } from '../models/contract/model-runtime.js';
import type { RuntimeRegistry } from '../models/contract/registry.js';
import type { PathGuard } from '../workspace/paths.js';
import type { JobWork } from '../workspace/work.js';

/** Keeps bundles for jobs of several steps, on this worker. */
export interface BundleUsers {
  /** Notes that a job needs a model's files until it says otherwise. */
  keep: (model: ModelIdentity, jobId: string) => Promise<void>;
  release: (model: ModelIdentity, jobId: string) => Promise<void>;
}

/** What work on a model needs. */
export interface InferenceDeps {
  /** `MODEL_JOBS_HOME`. */
  home: string;
  paths: PathGuard;
  /** Makes sure that this worker has the request's model and may load it, pins it, and keeps it while something runs. */
  useBundle: <T>(request: ModelAccessJobRequest, work: JobWork, run: (model: ModelFiles) => Promise<T>) => Promise<T>;
  /** What keeps a model's files between the steps of a job. */
  bundleUsers: BundleUsers;
  runtimes: RuntimeRegistry;
  /** What the operator set for them. */
  settings: RuntimeSettings;
  models: ModelCache;
}
