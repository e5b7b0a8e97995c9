import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { isErrorCode, ModelJobError } from '../planner/index.js';

/** What a job's error comes to: as the workflow's failure, and as the sentence that its snapshot shows. */
export interface JobFailure {
  failure: ApplicationFailure;
  /** The crate's failure message: the error without its code's prefix. */
  detail: string;
}

/** The failure of a job, from whatever its work threw. */
export function jobFailureOf(error: unknown): JobFailure {
  if (error instanceof ModelJobError) return ofModelJobError(error);
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && isErrorCode(cause.type)) return ofActivity(cause);
  if (error instanceof ActivityFailure) return ofModelJobError(unfinished(error));
  throw error;
}

function ofModelJobError(error: ModelJobError): JobFailure {
  const failure = ApplicationFailure.create({
    type: error.code,
    message: error.detail,
    nonRetryable: true,
    details: [{ message: error.message, problems: error.problems, details: error.details }],
  });
  return { failure, detail: error.detail };
}

function ofActivity(cause: ApplicationFailure): JobFailure {
  const failure = ApplicationFailure.create({
    type: cause.type ?? 'Failed',
    message: cause.message,
    nonRetryable: true,
    details: cause.details ?? [],
    ...(cause.cause && { cause: cause.cause }),
  });
  return { failure, detail: cause.message };
}

/** An activity that never answered: its worker died, or it took longer than its profile allows. */
function unfinished(error: ActivityFailure): ModelJobError {
  const reason =
    error.cause instanceof TimeoutFailure
      ? `ran into its ${String(error.cause.timeoutType).toLowerCase().replaceAll('_', '-')} time-out`
      : (error.cause?.message ?? error.message);
  return new ModelJobError('StateUnavailable', `activity ${error.activityType} ${reason}; it was not retried any more`);
}
