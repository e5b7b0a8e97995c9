import { stat } from 'node:fs/promises';
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { describe, expect, it } from 'vitest';
import { asActivities } from '../../activities/as-activities.js';
import { currentWork } from '../../activities/activity-work.js';
import { ModelJobError } from '../../planner/index.js';
import { activityEnvironment } from '../helpers/activity.js';

describe('an activity that fails', () => {
  it('tells its code, its message and its problems', async () => {
    const failure = await failureOf(() => {
      throw new ModelJobError('InvalidArgument', 'no good', { problems: [{ path: 'a', message: 'b' }] });
    });
    expect(failure).toMatchObject({ type: 'InvalidArgument', message: 'no good', nonRetryable: true });
    expect(failure.details?.[0]).toEqual({
      message: 'invalid argument: no good',
      problems: [{ path: 'a', message: 'b' }],
      details: {},
    });
  });

  it('is tried again where the fault may pass', async () => {
    const failure = await failureOf(() => {
      throw new ModelJobError('Io', 'reset');
    });
    expect(failure).toMatchObject({ type: 'Io', nonRetryable: false });
  });

  it('names what the operating system said', async () => {
    const failure = await failureOf(() => stat('/not/there'));
    expect(failure).toMatchObject({ type: 'NotFound', nonRetryable: true });
    expect(failure.message).toContain('/not/there');
  });

  it('is tried a few times where the error is of no known kind', async () => {
    const bug = (): never => {
      throw new TypeError('x is undefined');
    };
    expect(await failureOf(bug, 1)).toMatchObject({ type: 'Failed', nonRetryable: false });
    expect(await failureOf(bug, 3)).toMatchObject({ type: 'Failed', nonRetryable: true });
  });
});

describe('an activity that is cancelled', () => {
  it('ends as cancelled, whatever way it noticed', async () => {
    const { environment } = activityEnvironment();
    const { wait } = asActivities(
      {},
      {
        wait: () => new Promise((_, reject) => onAbort(() => reject(new DOMException('', 'AbortError')))),
      },
    );
    const running = environment.run(wait, undefined);
    environment.cancel('CANCELLED');
    await expect(running).rejects.toBeInstanceOf(CancelledFailure);
  });

  it('hands over when only its worker shuts down', async () => {
    const { environment } = activityEnvironment();
    const { wait } = asActivities(
      {},
      {
        wait: () => new Promise((_, reject) => onAbort(() => reject(new CancelledFailure('WORKER_SHUTDOWN')))),
      },
    );
    const running = environment.run(wait, undefined);
    environment.cancel('WORKER_SHUTDOWN', { workerShutdown: true } as never);
    await expect(running).rejects.toMatchObject({ type: 'StateUnavailable', nonRetryable: false });
  });
});

describe('progress', () => {
  it('never goes backwards, not even from one attempt to the next', async () => {
    const before = { progress: { completed: 7, total: 10, unit: 'files' } };
    const { environment, progress } = activityEnvironment({ attempt: 2, heartbeatDetails: before });
    await environment.run(() => {
      const work = currentWork();
      work.report({ completed: 2, total: 10, unit: 'files' });
      work.report({ completed: 8, total: 10, unit: 'files' });
      return Promise.resolve();
    });
    expect(progress.map(({ completed }) => completed)).toEqual([7, 8]);
  });
});

function onAbort(listener: () => void): void {
  currentWork().signal.addEventListener('abort', listener);
}

async function failureOf(run: () => unknown, attempt = 1): Promise<ApplicationFailure> {
  const { environment } = activityEnvironment({ attempt });
  const { activity } = asActivities({}, { activity: async () => await run() });
  const error: unknown = await environment.run(activity, undefined).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApplicationFailure);
  return error as ApplicationFailure;
}
