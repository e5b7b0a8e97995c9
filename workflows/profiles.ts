import { ActivityCancellationType, type ActivityOptions, type RetryPolicy } from '@temporalio/workflow';

/**
 * Faults that may pass are retried; what can't succeed is marked non-retryable by the activity. An attempt that fails
 * says itself when the next is due, and ends an activity that brings nothing new any more (planner/job/tries.ts): the
 * policy is for attempts whose worker died, after the heartbeat time-out.
 */
const retry: RetryPolicy = { initialInterval: '1 second', backoffCoefficient: 1 };

/**
 * Long work that reports as it goes. The heartbeat time-out bounds how soon a dead worker is noticed; how soon a
 * cancel arrives is bounded by the worker's heartbeat throttle (3 s, see worker/create-worker.ts).
 */
const long: ActivityOptions = {
  startToCloseTimeout: '24 hours',
  heartbeatTimeout: '15 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** The option profiles of all activities. */
export const profiles = {
  /** A short look that may be taken again for days: each attempt says itself when the next is due. */
  wait: { startToCloseTimeout: '1 minute', retry: { ...retry, maximumAttempts: 200 } },
  /** Moves bytes, reads, hashes and computes: for as long as attempts bring something new. */
  work: { ...long, retry: { ...retry, maximumAttempts: 1000 } },
  /** Lists what is there when a job ends early: its end must not wait long for it. */
  closing: {
    startToCloseTimeout: '30 seconds',
    scheduleToCloseTimeout: '1 minute',
    retry: { ...retry, maximumAttempts: 3 },
  },
  /** Runs a program: again only where the worker that ran it is gone, or the request says so. */
  command: { ...long, retry: { ...retry, maximumAttempts: 5 } },
} satisfies Record<string, ActivityOptions>;
