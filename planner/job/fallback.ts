import { z } from 'zod';
import { ModelJobError, type ModelJobErrorCode } from '../shared/errors.js';
import { once } from '../shared/once.js';
import { taskName } from '../request/model-facts.js';
import type { ModelTask } from '../request/model-spec.js';
import type { JobOptions } from '../request/options.js';
import type { ModelAccessJobRequest } from '../request/request.js';
import type { Diagnostic } from './diagnostic.js';

/** The tasks that the built-in heuristics serve. */
export const heuristicTasks = [
  'text_classification',
  'token_classification',
  'zero_shot_classification',
  'text_embedding',
  'summarization',
  'question_answering',
  'reranking',
] as const;

export type HeuristicTask = (typeof heuristicTasks)[number];

/** What ran in the model's place, and why. */
export const fallbackFactsSchema = once(() =>
  z.object({
    /** The name of the backend that ran. */
    used: z.literal('heuristic'),
    /** The message of the failure that it stands in for. */
    reason: z.string(),
    /** The request's parameters that only the model has. */
    ignored: z.exactOptional(z.array(z.string())),
  }),
);

export type FallbackFacts = z.infer<ReturnType<typeof fallbackFactsSchema>>;

/** What to do about a model that can't be had: run something else, or fail with this error. */
export type FallbackPlan = { kind: 'use'; fallback: FallbackFacts } | { kind: 'fail'; error: unknown };

/** A failed attempt to get or to load a model, as {@link planFallback} sees it. */
export interface FailedModel {
  policy: JobOptions['fallback'];
  task: ModelTask;
  error: unknown;
  /** Whether no further attempt will be made. Default: false. */
  lastAttempt?: boolean;
}

/**
 * Failures that leave the model out of reach. The others are the caller's: a bad request, something forbidden, or the
 * caller's own wish to stop. No stand-in may hide those.
 */
const outOfReach: ReadonlySet<ModelJobErrorCode> = new Set([
  'NotFound',
  'Io',
  'Failed',
  'StateUnavailable',
  'MissingDependency',
  'ResourceLimit',
  'IntegrityError',
]);

/**
 * Decides what happens when the model of a request can't be had (the crate's `FallbackPolicy`). `fast_fallback` falls
 * back at the first failure; `heuristic_fallback` lets a passing fault be tried again first, until the last attempt.
 *
 * Ask only about failures of getting and loading the model, and of all inputs alike: an input's own error is its own.
 */
export function planFallback({ policy, task, error, lastAttempt = false }: FailedModel): FallbackPlan {
  if (!policy || policy === 'error') return { kind: 'fail', error };
  if (!(error instanceof ModelJobError) || !outOfReach.has(error.code)) return { kind: 'fail', error };
  if (policy === 'heuristic_fallback' && error.retryable && !lastAttempt) return { kind: 'fail', error };
  if (!hasHeuristic(task)) return { kind: 'fail', error: withoutHeuristic(error, task) };
  return { kind: 'use', fallback: { used: 'heuristic', reason: error.message } };
}

/** Whether the built-in heuristics serve a task. */
export function hasHeuristic(task: ModelTask): boolean {
  return (heuristicTasks as readonly string[]).includes(taskName(task));
}

/** The request as `fast_fallback` wants its bundle looked for: what is not on this disk is not waited for. */
export function withoutWaiting(request: ModelAccessJobRequest): ModelAccessJobRequest {
  if (request.options?.fallback !== 'fast_fallback') return request;
  return { ...request, options: { ...request.options, autoDownload: false } };
}

/** The remark on a result that is not the model's. */
export function fallbackDiagnostic({ used, reason, ignored = [] }: FallbackFacts): Diagnostic {
  const left = ignored.length === 0 ? '' : `; it has no options.parameters ${ignored.join(', ')}, which had no effect`;
  return {
    severity: 'warning',
    code: 'model.fallback',
    message: `the outputs are not the model's: backend \`${used}\` stood in for it, because of ${reason}${left}`,
    source: 'options.fallback',
  };
}

function withoutHeuristic(error: ModelJobError, task: ModelTask): ModelJobError {
  const hint = `options.fallback: no heuristic serves task \`${taskName(task)}\` (${heuristicTasks.join(', ')} have one)`;
  return new ModelJobError(error.code, `${error.detail}; ${hint}`, {
    problems: error.problems,
    details: error.details,
    retryable: error.retryable,
    cause: error,
  });
}
