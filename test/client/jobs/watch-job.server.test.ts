import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import type { JobUpdate } from '../../../client/jobs/watch-job.js';
import type { ModelAccessJobRequestInput, ModelJobKind } from '../../../planner/index.js';
import { fakeActivities } from '../../helpers/fake-activities.js';
import { connectTemporal } from '../../helpers/temporal.js';
import { untilAborted } from './gate.js';

const temporal = await connectTemporal();
const { jobs } = temporal;

function request(kind: ModelJobKind): ModelAccessJobRequestInput {
  const spec = {
    name: 'demo/model',
    task: 'text_embedding',
    source: { kind: 'local_path', path: '/m' },
    files: [],
  } as const;
  return { id: `watch-${randomUUID()}`, kind, backend: 'onnx', spec: { ...spec, files: [] }, inputs: tenInputs };
}

const tenInputs = Array.from({ length: 10 }, (_, value) => ({ kind: 'json' as const, value }));

/** Counts to `total` in tenths of a second, and reports where it is. */
async function countTo(total: number, unit: string, from = 0, until = total): Promise<void> {
  const context = Context.current();
  for (let completed = from; completed <= until; completed++) {
    context.heartbeat({ progress: { completed, total, unit, message: 'counting' } });
    await context.sleep(100);
  }
}

/** Fails half-way at the first attempt, and counts again from the beginning at the second. */
async function countWithFault() {
  const { attempt } = Context.current().info;
  await countTo(20, 'bytes', 0, attempt === 1 ? 12 : 20);
  if (attempt === 1)
    throw ApplicationFailure.create({ type: 'Io', message: 'connection reset', nextRetryDelay: '300ms' });
  return fakeActivities().downloadModel(request('Download') as never);
}

test('a watch shows live progress, never backwards, and ends with the terminal snapshot', async () => {
  const updates = await temporal.withWorker({ ...fakeActivities(), downloadModel: countWithFault }, async () => {
    const handle = await jobs.start(request('Download'));
    return await collect(handle.watch({ intervalMs: 50 }));
  });
  const counts = updates.flatMap(({ snapshot: { progress } }) =>
    progress?.unit === 'bytes' ? [progress.completed] : [],
  );
  expect(counts).toEqual([...counts].sort((left, right) => left - right));
  expect(new Set(counts).size).toBeGreaterThan(3);
  expect(Math.max(...counts)).toBeGreaterThan(12);
  const retried = updates.flatMap(({ activities }) => activities).find(({ attempt }) => attempt === 2);
  expect(retried).toMatchObject({ type: 'downloadModel', lastFailure: 'connection reset' });
  const last = updates.at(-1);
  expect(last?.activities).toEqual([]);
  expect(last?.snapshot).toMatchObject({ status: 'succeeded', progress: { completed: 2, total: 2, unit: 'steps' } });
});

test('shards that run count into the rows of their batch', async () => {
  const activities = {
    ...fakeActivities(),
    planShards: () => Promise.resolve({ folder: '/jobs/b', rows: 40, shards: 4, shardSize: 10 }),
    runShard: ({ shard }: { shard: number }) => countTo(10, 'inputs').then(() => ({ shard, succeeded: 10, failed: 0 })),
  };
  const updates = await temporal.withWorker(activities, async () => {
    const handle = await jobs.start({ ...request('BatchInference'), options: { batch: { concurrency: 2 } } });
    return await collect(handle.watch({ intervalMs: 50 }));
  });
  const progress = updates.flatMap(({ snapshot }) => (snapshot.progress ? [snapshot.progress] : []));
  expect(new Set(progress.map(({ total, unit }) => `${total} ${unit}`))).toEqual(new Set(['40 inputs']));
  const counts = progress.map(({ completed }) => completed);
  expect(counts).toEqual([...counts].sort((left, right) => left - right));
  expect(counts.some((count) => count % 10 !== 0)).toBe(true);
  expect(counts.at(-1)).toBe(40);
});

test('a job whose worker is gone is still running, with the progress that it last reported', async () => {
  const wanted = request('Warmup');
  const handle = await temporal.withWorker(
    {
      ...fakeActivities(),
      warmRuntime: () => countTo(1000, 'steps', 700).then(() => Promise.reject(new Error('never'))),
    },
    async () => {
      const started = await jobs.start(wanted);
      const completed = async (): Promise<number> => (await started.snapshot()).progress?.completed ?? 0;
      await expect.poll(completed, { timeout: 20_000 }).toBeGreaterThan(700);
      return started;
    },
  );
  const before = Date.now();
  const snapshot = await handle.snapshot();
  expect(Date.now() - before).toBeLessThan(4000);
  expect(snapshot).toMatchObject({ status: 'running', progress: { unit: 'steps', total: 1000 } });
  expect(snapshot.progress?.completed).toBeGreaterThan(700);
  await temporal.client.workflow.getHandle(handle.jobId).terminate();
});

test('a watch ends when its signal says so, and the job goes on', async () => {
  await temporal.withWorker({ ...fakeActivities(), warmRuntime: untilAborted }, async () => {
    const handle = await jobs.start(request('Warmup'));
    const leave = new AbortController();
    setTimeout(() => leave.abort(), 700);
    const updates = await collect(handle.watch({ signal: leave.signal }));
    expect(updates.at(-1)?.snapshot.status).toBe('running');
    expect((await handle.snapshot()).status).toBe('running');
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ code: 'Cancelled' });
  });
});

async function collect(updates: AsyncIterable<JobUpdate>): Promise<JobUpdate[]> {
  const collected: JobUpdate[] = [];
  for await (const update of updates) collected.push(update);
  return collected;
}
