import { backendName, type ModelAccessJobRequest } from '../../planner/index.js';
import { currentReporter } from '../reporter.js';
import type { ModelUse } from '../runtime/model-cache.js';
import { hasBundle, runtimeFor } from '../runtime/registry.js';
import type { InferenceDeps } from './deps.js';

/**
 * Runs `work` with the request's model: makes sure of its bundle, and loads it where it is not loaded.
 *
 * @param options `unloadOnAbort`: whether a model that nobody else uses goes when the job is cancelled
 * @throws ModelJobError as the bundle store and the model cache
 */
export async function useModel<T>(
  { runtimes, ensureBundle, models }: InferenceDeps,
  request: ModelAccessJobRequest,
  work: (use: ModelUse) => Promise<T>,
  options: { unloadOnAbort?: boolean } = {},
): Promise<T> {
  const reporter = currentReporter();
  const runtime = runtimeFor(runtimes, backendName(request.backend));
  const bundle = hasBundle(runtime, request.spec) ? await ensureBundle(request, reporter) : undefined;
  return models.use({ request, bundle, signal: reporter.signal, ...options }, work);
}
