import {
  backendName,
  type FallbackFacts,
  type ModelAccessJobRequest,
  type ModelIdentity,
} from '../../planner/index.js';
import { hasBundle, runtimeFor } from '../models/contract/registry.js';
import { readParameters } from '../models/tasks/parameters/index.js';
import type { ModelFiles } from '../models/use/model-cache.js';
import { pinVersion } from '../workspace/pin-version.js';
import type { JobWork } from '../workspace/work.js';
import type { InferenceDeps } from './deps.js';
import { runtimeVersion } from './runtime-version.js';

/** What a job runs in all of its steps: the stand-in where there is one. */
export interface PinnedModel {
  model: ModelIdentity;
  fallback?: FallbackFacts;
}

/**
 * Runs something with a request's model, pinned and on this disk, and not loaded.
 *
 * @param run gets the model's files, where it has some
 * @throws ModelJobError `MissingDependency` for a backend that this worker lacks, `InvalidArgument` for parameters; as
 *   the bundle store
 */
export async function findModel<T>(
  { runtimes, settings, useBundle }: Pick<InferenceDeps, 'runtimes' | 'settings' | 'useBundle'>,
  request: ModelAccessJobRequest,
  work: JobWork,
  run: (identity: ModelIdentity, files?: ModelFiles) => Promise<T>,
): Promise<T> {
  const runtime = runtimeFor(runtimes, backendName(request.backend));
  const parameters = runtime.parameters?.(request.spec.task);
  if (parameters) readParameters(parameters, request.options?.parameters ?? {});
  if (hasBundle(runtime, request)) return useBundle(request, work, (files) => run(files.identity, files));
  return run(pinVersion(await runtimeVersion(runtime, { request, settings, signal: work.signal }), work));
}
