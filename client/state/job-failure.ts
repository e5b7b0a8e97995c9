import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
  type WorkflowFailedError,
} from '@temporalio/client';
import { isErrorCode, type ModelJobError, type ModelJobKind, type ModelJobProblem } from '../../planner/index.js';
import { z } from 'zod';
import { JobFailedError } from '../connection/errors.js';
import type { Reached } from './reached.js';

interface FailedJob {
  jobId: string;
  kind?: ModelJobKind | undefined;
  /** How far it came, for programs. */
  reached?: Reached | undefined;
}

/** The error of a job that ended without a result. */
export function jobFailedErrorOf(job: FailedJob, error: WorkflowFailedError): JobFailedError {
  const { cause } = error;
  const options = { cause: error, details: { ...job.reached } };
  if (cause instanceof CancelledFailure) return new JobFailedError(job, 'Cancelled', 'cancelled', options);
  if (cause instanceof TerminatedFailure) {
    return new JobFailedError(job, 'Failed', `the job was terminated: ${cause.message}`, options);
  }
  if (cause instanceof TimeoutFailure) {
    return new JobFailedError(job, 'Failed', 'the job ran into its execution time-out', options);
  }
  const failure = codedFailure(cause);
  if (failure) return codedErrorOf(job, failure, error);
  return new JobFailedError(job, 'Failed', rootMessage(cause) ?? error.message, options);
}

type CodedFailure = ApplicationFailure & { type: ModelJobError['code'] };

/** The failure with one of our codes: the workflow's own, or an activity's further down the causes. */
function codedFailure(error: unknown): CodedFailure | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof ApplicationFailure && isErrorCode(current.type)) return current as CodedFailure;
  }
  return undefined;
}

const factsSchema = z.object({
  message: z.string().optional(),
  problems: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
  details: z.record(z.string(), z.unknown()).default({}),
});

function codedErrorOf(job: FailedJob, failure: CodedFailure, cause: Error): JobFailedError {
  const facts = factsSchema.safeParse(failure.details?.[0]).data;
  const problems: ModelJobProblem[] = facts?.problems ?? [];
  return new JobFailedError(job, failure.type, failure.message, {
    problems,
    details: { ...facts?.details, ...job.reached },
    cause,
    ...(facts?.message === undefined ? {} : { message: facts.message }),
  });
}

function rootMessage(error: unknown): string | undefined {
  let message: string | undefined;
  for (let current = error; current instanceof Error; current = current.cause) message = current.message || message;
  return message;
}
