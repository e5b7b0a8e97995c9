import { randomUUID } from 'node:crypto';
import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import {
  batchMemo,
  eventsMemo,
  queryNames,
  type BatchStatus,
  type JobEvent,
  type JobOptions,
  type JobSnapshot,
} from '../../planner/index.js';
import { openGate } from '../client/jobs/gate.js';
import { fakeShards, type FakeShards } from '../helpers/fake-shards.js';
import { saveHistory } from '../helpers/save-history.js';
import { connectTemporal } from '../helpers/temporal.js';

const patient = { timeout: 20_000, interval: 20 };

const temporal = await connectTemporal();

describe('a pause', () => {
  it('answers when its shards have stopped, and resume goes on at the same row', async () => {
    const box = fakeShards({ shards: 6, rows: 40 });
    const result = await withBatch(box, { concurrency: 2 }, async (handle) => {
      await expect.poll(() => box.rowsRun(), patient).toBeGreaterThan(10);
      const paused = await update(handle, 'pause');
      expect(paused).toMatchObject({ phase: 'paused', paused: true, running: 0, total: 240, perSecond: null });
      expect(box.running()).toBe(0);
      expect(paused.done).toBe(box.rowsRun());
      await stays(box);
      expect(await update(handle, 'resume')).toMatchObject({ phase: 'running', paused: false, running: 2 });
      const ended = (await handle.result()) as unknown;
      saveHistory('batch-paused', await handle.fetchHistory());
      return ended;
    });
    expect(result).toMatchObject({ output: { inputCount: 240, succeeded: 240, failed: 0 } });
    expect(box.rowsRun()).toBe(240);
    expect(box.counted.some(({ succeeded }) => succeeded > 0)).toBe(true);
  });

  it('shows in the snapshot, the current details and the memo, and the log says where it was', async () => {
    const box = fakeShards({ shards: 6, rows: 40, fails: (index) => index === 3 });
    await withBatch(box, { concurrency: 2 }, async (handle) => {
      await expect.poll(() => box.rowsRun(), patient).toBeGreaterThan(20);
      const { done, succeeded } = await update(handle, 'pause');
      const snapshot = await handle.query<JobSnapshot>(queryNames.snapshot);
      expect(snapshot).toMatchObject({
        status: 'running',
        progress: { completed: done, total: 240, unit: 'inputs', message: `paused: ${succeeded} succeeded, 1 failed` },
        metadata: { 'batch.phase': 'paused', 'batch.failed': '1' },
      });
      expect(snapshot.logs.at(-1)?.message).toBe(`paused at ${done} of 240 rows`);
      const { memo } = await handle.describe();
      expect(memo?.[batchMemo]).toMatchObject({ phase: 'paused', done });
      await update(handle, 'resume');
      await handle.result();
      expect((await handle.describe()).memo?.[batchMemo]).toMatchObject({ phase: 'ended', done: 240, paused: false });
    });
  });

  it('may come before the data set is cut, and by signal', async () => {
    const box = fakeShards({ shards: 2, rows: 5 });
    const gate = openGate();
    box.activities.planShards = () => gate.pass().then(() => box.plan);
    await withBatch(box, {}, async (handle) => {
      await handle.signal('resume');
      await handle.signal('pause');
      await handle.signal('setConcurrency', 'many');
      expect(await status(handle)).toMatchObject({ phase: 'planning', paused: true, total: null, concurrency: 4 });
      gate.open();
      await expect.poll(async () => (await status(handle)).phase, patient).toBe('paused');
      expect(box.rowsRun()).toBe(0);
      await handle.signal('setConcurrency', 1);
      await handle.signal('resume');
      await handle.result();
      expect(await logs(handle)).toEqual([
        'running batch model inference `m`',
        'signal resume ignored: the batch is not paused: it is planning',
        'signal setConcurrency ignored: concurrency: expected a whole number from 1 to 64, received "many"',
        'paused at 0 of 10 rows',
        '1 shards at once',
        'resumed at 0 of 10 rows',
      ]);
    });
    expect(box.mostAtOnce()).toBe(1);
    expect(box.rowsRun()).toBe(10);
  });
});

describe('an update that makes no sense', () => {
  it.each([
    ['pause', [], true, 'the batch is paused already'],
    ['resume', [], false, 'the batch is not paused: it is running'],
    ['setConcurrency', [65], false, 'concurrency: expected a whole number from 1 to 64, received 65'],
    ['setConcurrency', ['8'], false, 'concurrency: expected a whole number from 1 to 64, received "8"'],
    ['setConcurrency', [], false, 'concurrency: expected a whole number from 1 to 64, received nothing'],
  ])('%s(%j) is refused and leaves no trace (paused: %s)', async (name, args, paused, message) => {
    const box = fakeShards({ shards: 2, rows: 50 });
    await withBatch(box, {}, async (handle) => {
      await expect.poll(() => box.rowsRun(), patient).toBeGreaterThan(0);
      if (paused) await update(handle, 'pause');
      const refused = await update(handle, name, ...args).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(WorkflowUpdateFailedError);
      expect((refused as WorkflowUpdateFailedError).cause).toMatchObject({ type: 'InvalidArgument', message });
      expect(await updatesKept(handle)).toBe(paused ? 1 : 0);
    });
  });
});

describe('a change of concurrency', () => {
  it('starts more shards at once, and lets those end that are too many', async () => {
    const box = fakeShards({ shards: 30, rows: 10 });
    await withBatch(box, { concurrency: 2 }, async (handle) => {
      await expect.poll(() => box.rowsRun(), patient).toBeGreaterThan(5);
      expect(box.mostAtOnce()).toBe(2);
      expect(await update(handle, 'setConcurrency', 6)).toMatchObject({ concurrency: 6, running: 6 });
      await expect.poll(() => box.mostAtOnce(), patient).toBe(6);
      await update(handle, 'setConcurrency', 1);
      await expect.poll(() => box.running(), patient).toBe(1);
      await update(handle, 'setConcurrency', 8);
      await handle.result();
      saveHistory('batch-concurrency', await handle.fetchHistory());
    });
    expect(box.rowsRun()).toBe(300);
    expect(box.counted.every(({ succeeded }) => succeeded === 0)).toBe(true);
  });
});

describe('a batch that ends early', () => {
  it('keeps and lists what is done when it is cancelled', async () => {
    const box = fakeShards({ shards: 6, rows: 40 });
    await withBatch(box, { concurrency: 2 }, async (handle) => {
      await expect.poll(() => box.rowsRun(), patient).toBeGreaterThan(90);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      await expectKept(handle, box, 'cancelled');
      saveHistory('batch-cancelled', await handle.fetchHistory());
    });
  });

  it('also when it is paused', async () => {
    const box = fakeShards({ shards: 6, rows: 40 });
    await withBatch(box, { concurrency: 2 }, async (handle) => {
      await expect.poll(() => box.rowsRun(), patient).toBeGreaterThan(10);
      await update(handle, 'pause');
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      await expectKept(handle, box, 'cancelled');
    });
  });

  it('and when nobody can list it', async () => {
    const box = fakeShards({ shards: 6, rows: 40 });
    box.activities.listDone = () => Promise.reject(new Error('the folder is gone'));
    await withBatch(box, { concurrency: 2 }, async (handle) => {
      await expect.poll(() => box.rowsRun(), patient).toBeGreaterThan(10);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      expect(await lastProgress(handle)).toMatchObject({ completed: box.rowsRun() });
    });
  });

  it('fails when more rows have failed than may, and says why', async () => {
    const box = fakeShards({ shards: 20, rows: 10, fails: (index) => index % 2 === 1 });
    await withBatch(box, { concurrency: 2, maxInputErrors: 12 }, async (handle) => {
      const error = (await handle.result().catch((failure: unknown) => failure)) as unknown;
      const { cause } = error as { cause: { type: string; message: string; details: [{ details: object }] } };
      expect(cause.type).toBe('ResourceLimit');
      expect(cause.message).toMatch(
        /^\d+ of the \d+ rows that are done have failed, options.batch.maxInputErrors allows 12; row 1: not a sentence$/,
      );
      expect(cause.details[0].details).toMatchObject({ total: 200, maxInputErrors: 12, errors: [{ index: 1 }] });
      expect(box.rowsRun()).toBeLessThan(60);
      await expectKept(handle, box, 'failed');
      saveHistory('batch-too-many-errors', await handle.fetchHistory());
    });
  });

  it('and lets a share of errors pass that few rows can’t tell', async () => {
    const box = fakeShards({ shards: 20, rows: 10, rowMs: 1, fails: (index) => index < 10 });
    const result = await withBatch(
      box,
      { concurrency: 1, maxInputErrors: 0.1 },
      (handle) => handle.result() as Promise<unknown>,
    );
    expect(result).toMatchObject({ output: { succeeded: 190, failed: 10 } });
  });

  it('stops the other shards when one fails', async () => {
    const box = fakeShards({ shards: 6, rows: 40 });
    const { runShard } = box.activities;
    box.activities.runShard = (input) => (input.shard === 2 ? Promise.reject(denied()) : runShard(input));
    await withBatch(box, { concurrency: 3 }, async (handle) => {
      await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'PermissionDenied' } });
      expect(box.running()).toBe(0);
      await expectKept(handle, box, 'failed');
    });
  });
});

describe('a run that continues a batch', () => {
  it('runs what the run before has left, and counts on', async () => {
    const box = fakeShards({ shards: 6, rows: 10 });
    const log = { timestamp: new Date().toISOString(), level: 'info' as const, message: 'running' };
    const events: JobEvent[] = [{ job_id: 'b', sequence: 1, timestamp: log.timestamp, kind: { Log: log } }];
    const earlier = { plan: box.plan, next: 4, succeeded: 39, failed: 1, events };
    const work = async (handle: WorkflowHandle): Promise<unknown> => {
      const ended = (await handle.result()) as unknown;
      saveHistory('batch-continued', await handle.fetchHistory());
      return ended;
    };
    expect(await withBatch(box, {}, work, earlier)).toMatchObject({ output: { inputCount: 60, shards: 6 } });
    expect(box.rowsRun()).toBe(20);
  });
});

async function withBatch<T>(
  { activities }: FakeShards,
  batch: NonNullable<JobOptions['batch']>,
  work: (handle: WorkflowHandle) => Promise<T>,
  ...earlier: object[]
): Promise<T> {
  return temporal.withWorker(activities, async () => {
    const handle = await temporal.client.workflow.start('modelBatchInference', {
      taskQueue: temporal.taskQueue,
      workflowId: `steered-${randomUUID()}`,
      args: [
        {
          kind: 'BatchInference',
          spec: { name: 'm', task: 'ocr', source: { kind: 'local_path', path: '/m' }, files: [] },
          backend: 'onnx',
          options: { batch },
        },
        ...earlier,
      ],
    });
    try {
      return await work(handle);
    } finally {
      // A batch that a failed test leaves must not run into the next test's worker.
      await handle.terminate().catch(() => undefined);
    }
  });
}

function update(handle: WorkflowHandle, name: string, ...args: unknown[]): Promise<BatchStatus> {
  return handle.executeUpdate<BatchStatus, [unknown]>(name, { args: [args[0]] });
}

/** How many updates the history holds. */
async function updatesKept(handle: WorkflowHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  return events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length ?? 0;
}

function status(handle: WorkflowHandle): Promise<BatchStatus> {
  return handle.query<BatchStatus>(queryNames.batch);
}

/** Nothing is run for a while. */
async function stays(box: FakeShards): Promise<void> {
  const before = box.rowsRun();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(box.rowsRun()).toBe(before);
}

/** The record says how far the batch came, and lists what is done. */
async function expectKept(handle: WorkflowHandle, box: FakeShards, status: string): Promise<void> {
  const done = box.rowsRun();
  const [listed] = box.listed;
  expect(listed && listed.succeeded + listed.failed).toBe(done);
  const events = await eventsOf(handle);
  expect(await lastProgress(handle)).toMatchObject({
    completed: done,
    message: expect.stringContaining('is kept') as never,
  });
  expect(events.some(({ kind }) => 'Artifact' in kind && kind.Artifact.id === 'partial')).toBe(true);
  expect(events.at(-1)?.kind).toMatchObject({ StatusChanged: { status } });
  expect((await handle.describe()).memo?.[batchMemo]).toMatchObject({ phase: 'ended', done });
}

async function lastProgress(handle: WorkflowHandle): Promise<unknown> {
  return (await eventsOf(handle)).flatMap(({ kind }) => ('Progress' in kind ? [kind.Progress] : [])).at(-1);
}

async function logs(handle: WorkflowHandle): Promise<string[]> {
  return (await eventsOf(handle)).flatMap(({ kind }) => ('Log' in kind ? [kind.Log.message] : []));
}

async function eventsOf(handle: WorkflowHandle): Promise<JobEvent[]> {
  return (await handle.describe()).memo?.[eventsMemo] as JobEvent[];
}

function denied(): ApplicationFailure {
  return ApplicationFailure.create({ type: 'PermissionDenied', message: 'no', nonRetryable: true });
}
