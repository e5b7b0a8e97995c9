import {
  isSameModel,
  ModelJobError,
  planFallback,
  withoutWaiting,
  type FallbackFacts,
  type ModelAccessJobRequest,
  type ModelIdentity,
} from '../../planner/index.js';
import type { ModelUse } from '../models/use/model-cache.js';
import { pinnedTo, type JobWork } from '../workspace/work.js';
import type { InferenceDeps } from './deps.js';
import { findModel, type PinnedModel } from './pin-model.js';
import { asStandIn } from './stand-in.js';

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
    const lastAttempt = work.isLastAttempt(error);
    const plan = planFallback({ policy: request.options?.fallback, task: request.spec.task, error, lastAttempt });
    if (plan.kind === 'fail') throw plan.error;
    const standIn = asStandIn(deps.runtimes, request, plan.fallback);
    const fallback = { ...plan.fallback, ...(standIn.ignored.length > 0 && { ignored: standIn.ignored }) };
    return useOwnModel({ ...deps, work, ...options }, standIn.request, (use) => run({ ...use, fallback }));
  }
}

/**
 * Runs something with the model that an earlier step of the job has pinned, or with what stood in for it then: nothing
 * else stands in later.
 *
 * @throws ModelJobError as {@link useModel}; `IntegrityError` for another model
 */
export async function usePinnedModel<T>(
  deps: InferenceDeps,
  request: ModelAccessJobRequest,
  { model, fallback, work }: PinnedModel & { work: JobWork },
  run: (use: UsedModel) => Promise<T>,
  options: UseOptions = {},
): Promise<T> {
  const wanted = fallback ? asStandIn(deps.runtimes, request, fallback).request : request;
  return useOwnModel({ ...deps, work: pinnedTo(work, model), ...options }, wanted, async (use) => {
    if (!isSameModel(model, use.identity)) throw otherModel(model, use.identity);
    return run(fallback ? { ...use, fallback } : use);
  });
}

function otherModel(pinned: ModelIdentity, found: ModelIdentity): ModelJobError {
  return new ModelJobError(
    'IntegrityError',
    `this job pinned the model ${pinned.label}, and would run ${found.label}`,
    {
      details: { pinned, found },
    },
  );
}

async function useOwnModel<T>(
  { models, work, unloadOnAbort, ...deps }: InferenceDeps & UseOptions & { work: JobWork },
  request: ModelAccessJobRequest,
  run: (use: UsedModel) => Promise<T>,
): Promise<T> {
  return findModel(deps, request, work, (identity, bundle) =>
    models.use({ request, bundle, identity, signal: work.signal, unloadOnAbort }, (use) => run({ ...use, identity })),
  );
}

/** What a used model is, for facts. */
export function modelFacts({ identity, fallback }: UsedModel): PinnedModel {
  return { model: identity, ...(fallback ? { fallback } : {}) };
}
