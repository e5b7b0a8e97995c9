import { ActivityCancellationType, type ActivityOptions, type RetryPolicy } from '@temporalio/workflow';

/**
 * Faults that may pass are retried with back-off; what can't succeed is marked non-retryable by the activity.
 * A worker that dies costs an attempt too, hence the generous maximum.
 */
const retry: RetryPolicy = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' };

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
  /** Moves bytes over a network: outages of most of an hour are survived. */
  transfer: { ...long, retry: { ...retry, maximumAttempts: 50 } },
  /** Reads, hashes and computes on the worker. */
  compute: { ...long, retry: { ...retry, maximumAttempts: 20 } },
  /** Lists what is there when a job ends early: its end must not wait long for it. */
  closing: {
    startToCloseTimeout: '30 seconds',
    scheduleToCloseTimeout: '1 minute',
    retry: { ...retry, maximumAttempts: 3 },
  },
  /** Runs a program: again only where the worker that ran it is gone. */
  command: { ...long, retry: { ...retry, maximumAttempts: 5 } },
} satisfies Record<string, ActivityOptions>;
