import {
  backendName,
  planFallback,
  withoutWaiting,
  type FallbackFacts,
  type ModelAccessJobRequest,
  type ModelIdentity,
} from '../../planner/index.js';
import type { ModelFiles, ModelUse } from '../models/use/model-cache.js';
import { hasBundle, runtimeFor } from '../models/contract/registry.js';
import { readParameters } from '../models/tasks/parameters/index.js';
import type { JobWork } from '../workspace/work.js';
import type { InferenceDeps } from './deps.js';
import { pinVersion, runtimeVersion } from './runtime-version.js';

/** A model in use, and what it stands in for where it is not the request's own. */
export interface UsedModel extends ModelUse {
  /** What runs: the stand-in where there is one. */
  identity: ModelIdentity;
  fallback?: FallbackFacts;
}

/** `unloadOnAbort`: whether a model that nobody else uses goes when the job is cancelled. */
export interface UseOptions {
  unloadOnAbort?: boolean;
}

/**
 * Runs something with the request's model: makes sure of its bundle, and loads it where it is not loaded. Where the model
 * can't be had, the request's fallback policy may let another stand in.
 *
 * @throws ModelJobError as the bundle store and the model cache
 */
export async function useModel<T>(
  deps: InferenceDeps,
  request: ModelAccessJobRequest,
  work: JobWork,
  run: (use: UsedModel) => Promise<T>,
  options: UseOptions = {},
): Promise<T> {
  const model: { had: boolean } = { had: false };
  try {
    return await useOwnModel({ ...deps, work, ...options }, withoutWaiting(request), (use) => {
      model.had = true;
      return run(use);
    });
  } catch (error) {
    if (model.had) throw error;
    const { lastAttempt } = work;
    const plan = planFallback({ policy: request.options?.fallback, task: request.spec.task, error, lastAttempt });
    if (plan.kind === 'fail') throw plan.error;
    const { fallback } = plan;
    return useOwnModel({ ...deps, work, ...options }, { ...request, backend: fallback.used }, (use) =>
      run({ ...use, fallback }),
    );
  }
}

async function useOwnModel<T>(
  { runtimes, settings, useBundle, models, work, unloadOnAbort }: InferenceDeps & UseOptions & { work: JobWork },
  request: ModelAccessJobRequest,
  run: (use: UsedModel) => Promise<T>,
): Promise<T> {
  const runtime = runtimeFor(runtimes, backendName(request.backend));
  const parameters = runtime.parameters?.(request.spec.task);
  if (parameters) readParameters(parameters, request.options?.parameters ?? {});
  const useIt = (identity: ModelIdentity, bundle?: ModelFiles): Promise<T> =>
    models.use({ request, bundle, identity, signal: work.signal, unloadOnAbort }, (use) => run({ ...use, identity }));
  if (!hasBundle(runtime, request.spec)) {
    return useIt(pinVersion(await runtimeVersion(runtime, { request, settings }), work));
  }
  return useBundle(request, work, (files) => useIt(files.identity, files));
}

/** The fallback of a used model, for facts. */
export function fallbackOf({ fallback }: UsedModel): Pick<UsedModel, 'fallback'> {
  return fallback ? { fallback } : {};
}
