import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { ModelJobError, type ModelJobErrorCode } from '../planner/index.js';
import { currentWork } from './activity-work.js';
import { passingFault } from './passing-fault.js';

/** What operating-system errors mean to a job; every other one may pass and is `Io`. */
const codesByErrno: Readonly<Record<string, ModelJobErrorCode>> = {
  ENOSPC: 'ResourceLimit',
  EDQUOT: 'ResourceLimit',
  EMFILE: 'Io',
  EACCES: 'PermissionDenied',
  EPERM: 'PermissionDenied',
  EROFS: 'PermissionDenied',
  ENOENT: 'NotFound',
  ENOTDIR: 'InvalidArgument',
  EISDIR: 'InvalidArgument',
  ENAMETOOLONG: 'InvalidArgument',
};

/** Attempts after which an error of no known kind counts as one that can't pass. */
const unknownErrorAttempts = 3;

/**
 * The failure that Temporal should see: `type` is the error's code, `details[0]` holds its full message,
 * problems and facts, and only what may pass is retryable. The one place where that is decided. What the activity
 * reported last stands behind, so that the job knows how far it came.
 */
export async function toFailure(error: unknown): Promise<Error> {
  const { cancellationSignal, cancellationDetails } = Context.current();
  if (cancellationSignal.aborted && isAbort(error)) {
    return cancellationDetails?.workerShutdown ? handOver() : new CancelledFailure('cancelled', reached());
  }
  if (error instanceof ApplicationFailure) return error;
  const ours = asModelJobError(error);
  if (!ours.retryable) return applicationFailure(ours);
  const delayMs = await currentWork().fail(ours);
  return delayMs === undefined ? applicationFailure(givenUp(ours)) : applicationFailure(ours, delayMs);
}

function isAbort(error: unknown): boolean {
  return (
    error instanceof CancelledFailure ||
    (error instanceof Error && /^(?:AbortError|CancelledFailure)$/.test(error.name))
  );
}

/** Only shards count what they reached. */
function reached(): unknown[] {
  const { last } = currentWork();
  return last.counts ? [last] : [];
}

/** A worker that shuts down gives its activities to another: the next attempt resumes. */
function handOver(): ApplicationFailure {
  currentWork().handOver();
  return ApplicationFailure.create({
    type: 'StateUnavailable' satisfies ModelJobErrorCode,
    message: 'the worker is shutting down; the next attempt resumes elsewhere',
    nextRetryDelay: '100 ms',
  });
}

function asModelJobError(error: unknown): ModelJobError {
  if (error instanceof ModelJobError) return error;
  if (!(error instanceof Error)) return new ModelJobError('Failed', String(error));
  const errno = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (errno !== undefined && 'syscall' in error) {
    const full = errno === 'ENOSPC' || errno === 'EDQUOT';
    const message = full
      ? `the disk is full, what is done so far stays for the next start: ${error.message}`
      : error.message;
    return new ModelJobError(codesByErrno[errno] ?? 'Io', message, { cause: error });
  }
  const retryable = Context.current().info.attempt < unknownErrorAttempts;
  return new ModelJobError('Failed', error.message || error.name, { cause: error, retryable });
}

/** The last failure of an activity that is not tried again though it might pass. */
function givenUp(error: ModelJobError): ModelJobError {
  const { attempt, last } = currentWork();
  const idle = Math.round((Date.now() - (last.tries?.since ?? Date.now())) / 1000);
  const variable = passingFault(error).unreachable ? 'MODEL_JOBS_UNREACHABLE_SECONDS' : 'MODEL_JOBS_RETRY_SECONDS';
  const advice = `options.retrySeconds of the request and ${variable} of the worker say how long`;
  const detail = `${error.detail}; given up in attempt ${attempt}, after ${idle} s in which nothing new came (${advice})`;
  const { problems, details } = error;
  return new ModelJobError(error.code, detail, { problems, details, retryable: false, cause: error.cause });
}

function applicationFailure(error: ModelJobError, delayMs?: number): ApplicationFailure {
  const failure = ApplicationFailure.create({
    type: error.code,
    message: error.detail,
    nonRetryable: !error.retryable,
    details: [{ message: error.message, problems: error.problems, details: error.details }, ...reached()],
    ...(delayMs === undefined ? {} : { nextRetryDelay: Math.max(Math.ceil(delayMs), 1) }),
    ...(error.cause instanceof Error && { cause: error.cause }),
  });
  if (error.stack !== undefined) failure.stack = error.stack;
  return failure;
}
