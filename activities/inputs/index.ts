import { ApplicationFailure, Context } from '@temporalio/activity';
import {
  missingText,
  type InputFacts,
  type MissingInput,
  type ModelAccessJobRequest,
  type ModelJobErrorCode,
} from '../../planner/index.js';
import type { PathGuard } from '../paths.js';
import { currentReporter } from '../reporter.js';
import { findMissingInputs } from './find-missing.js';
import { secondsToNextLook } from './next-look.js';

/** The activity that looks for a job's inputs before its work begins. */
export function createInputActivities(paths: PathGuard) {
  return {
    /**
     * Looks for the inputs; what is missing is a fact, the workflow judges it. While `options.inputWaitSeconds` last,
     * missing inputs are a failure that asks for the next attempt: a wait holds no slot of the worker, sends no
     * heartbeat, adds no event to the history, and goes on when the worker dies.
     *
     * @throws ModelJobError `Io` for storage that does not answer now
     */
    async awaitInputs(request: ModelAccessJobRequest): Promise<InputFacts> {
      const missing = await findMissingInputs(request, paths, currentReporter().signal);
      const delay = missing.length > 0 ? delayOf(request.options?.inputWaitSeconds ?? 0) : undefined;
      if (delay === undefined) return { missing };
      throw notYet(missing, delay);
    },
  };
}

/** Seconds until the next look; undefined when the wait is over. */
function delayOf(waitSeconds: number): number | undefined {
  const { attempt, scheduledTimestampMs } = Context.current().info;
  const left = waitSeconds - (Date.now() - scheduledTimestampMs) / 1000;
  return left > 0 ? Math.min(secondsToNextLook(attempt, waitSeconds), left) : undefined;
}

function notYet(missing: readonly MissingInput[], delay: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'NotFound' satisfies ModelJobErrorCode,
    message: `${missingText(missing)} yet; looking again in ${Math.ceil(delay)} s`,
    nextRetryDelay: Math.max(Math.ceil(delay * 1000), 1),
  });
}
