import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowFailedError,
} from '@temporalio/client';
import { expect, test } from 'vitest';
import { jobFailedErrorOf } from '../../../client/state/job-failure.js';

const job = { jobId: 'job-1', kind: 'Download' } as const;

test("a job's failure keeps its code, detail, message and problems", () => {
  const problems = [{ path: 'spec.name', message: 'is empty' }];
  const failure = ApplicationFailure.create({
    type: 'NotFound',
    message: 'bundle `x` does not exist',
    details: [{ message: 'not found: bundle `x` does not exist', problems, details: { tried: 3 } }],
  });
  expect(errorFor(failure)).toMatchObject({
    jobId: 'job-1',
    kind: 'Download',
    code: 'NotFound',
    detail: 'bundle `x` does not exist',
    message: 'not found: bundle `x` does not exist',
    problems,
    details: { tried: 3 },
  });
});

test('the code may stand further down, in the failure of an activity', () => {
  const inner = ApplicationFailure.create({ type: 'IntegrityError', message: 'sha256 differs' });
  const outer = new ActivityFailure('Activity task failed', 'downloadModel', '1', 'IN_PROGRESS', 'worker', inner);
  expect(errorFor(outer)).toMatchObject({ code: 'IntegrityError', detail: 'sha256 differs', problems: [] });
});

test('a cancelled job is told apart from a failed one', () => {
  expect(errorFor(new CancelledFailure('Workflow canceled'))).toMatchObject({ code: 'Cancelled', detail: 'cancelled' });
});

test('a terminated job tells why', () => {
  expect(errorFor(new TerminatedFailure('spring cleaning')).detail).toBe('the job was terminated: spring cleaning');
});

test('a job that took too long says so', () => {
  const timeout = new TimeoutFailure('Workflow execution timed out', undefined, 'START_TO_CLOSE');
  expect(errorFor(timeout)).toMatchObject({ code: 'Failed', detail: 'the job ran into its execution time-out' });
});

test('a failure that is not ours is told by its innermost message', () => {
  const failure = ApplicationFailure.create({ type: 'TypeError', message: 'x is not a function' });
  expect(errorFor(failure)).toMatchObject({ code: 'Failed', detail: 'x is not a function' });
});

function errorFor(cause: Error) {
  return jobFailedErrorOf(job, new WorkflowFailedError('Workflow execution failed', cause, 'NON_RETRYABLE_FAILURE'));
}
