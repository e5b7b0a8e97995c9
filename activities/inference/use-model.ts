import {
  backendName,
  planFallback,
  withoutWaiting,
  type FallbackFacts,
  type ModelAccessJobRequest,
} from '../../planner/index.js';
import { currentReporter } from '../reporter.js';
import type { ModelUse } from '../runtime/model-cache.js';
import { hasBundle, runtimeFor } from '../runtime/registry.js';
import type { InferenceDeps } from './deps.js';

/** A model in use, and what it stands in for where it is not the request's own. */
export interface UsedModel extends ModelUse {
  fallback?: FallbackFacts;
}

/** `unloadOnAbort`: whether a model that nobody else uses goes when the job is cancelled. */
export interface UseOptions {
  unloadOnAbort?: boolean;
}

/**
 * Runs `work` with the request's model: makes sure of its bundle, and loads it where it is not loaded. Where the model
 * can't be had, the request's fallback policy may let another stand in.
 *
 * @throws ModelJobError as the bundle store and the model cache
 */
export async function useModel<T>(
  deps: InferenceDeps,
  request: ModelAccessJobRequest,
  work: (use: UsedModel) => Promise<T>,
  options: UseOptions = {},
): Promise<T> {
  const model: { had: boolean } = { had: false };
  try {
    return await useOwnModel(deps, withoutWaiting(request), options, (use) => {
      model.had = true;
      return work(use);
    });
  } catch (error) {
    if (model.had) throw error;
    const { lastAttempt } = currentReporter();
    const plan = planFallback({ policy: request.options?.fallback, task: request.spec.task, error, lastAttempt });
    if (plan.kind === 'fail') throw plan.error;
    const { fallback } = plan;
    return useOwnModel(deps, { ...request, backend: fallback.used }, options, (use) => work({ ...use, fallback }));
  }
}

async function useOwnModel<T>(
  { runtimes, ensureBundle, models }: InferenceDeps,
  request: ModelAccessJobRequest,
  options: UseOptions,
  work: (use: ModelUse) => Promise<T>,
): Promise<T> {
  const reporter = currentReporter();
  const runtime = runtimeFor(runtimes, backendName(request.backend));
  const bundle = hasBundle(runtime, request.spec) ? await ensureBundle(request, reporter) : undefined;
  return models.use({ request, bundle, signal: reporter.signal, ...options }, work);
}
