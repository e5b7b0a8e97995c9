import { ApplicationFailure } from '@temporalio/activity';
import { findMissingInputs } from '../engine/inputs/find-missing.js';
import {
  missingText,
  type InputFacts,
  type MissingInput,
  type ModelAccessJobRequest,
  type ModelJobErrorCode,
} from '../planner/index.js';
import type { ActivityWork } from './activity-work.js';
import type { ActivityDeps } from './deps.js';
import { secondsToNextAttempt } from './next-attempt.js';

/**
 * Looks for a job's inputs before its work begins; what is missing is a fact, the workflow judges it. While
 * `options.inputWaitSeconds` last, missing inputs are a failure that asks for the next attempt: a wait holds no slot of
 * the worker, sends no heartbeat, adds no event to the history, and goes on when the worker dies.
 *
 * @throws ModelJobError `Io` for storage that does not answer now
 */
export async function awaitInputs(
  { paths }: ActivityDeps,
  request: ModelAccessJobRequest,
  work: ActivityWork,
): Promise<InputFacts> {
  const missing = await findMissingInputs(request, paths, work.signal);
  const delay = missing.length > 0 ? delayOf(request.options?.inputWaitSeconds ?? 0, work) : undefined;
  if (delay === undefined) return { missing };
  throw notYet(missing, delay);
}

/** Seconds until the next attempt; undefined when the wait is over. */
function delayOf(waitSeconds: number, { attempt, scheduledAt }: ActivityWork): number | undefined {
  const left = waitSeconds - (Date.now() - scheduledAt) / 1000;
  return left > 0 ? Math.min(secondsToNextAttempt(attempt, waitSeconds), left) : undefined;
}

function notYet(missing: readonly MissingInput[], delay: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'NotFound' satisfies ModelJobErrorCode,
    message: `${missingText(missing)} yet; looking again in ${Math.ceil(delay)} s`,
    nextRetryDelay: Math.max(Math.ceil(delay * 1000), 1),
  });
}
