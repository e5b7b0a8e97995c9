import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { addActions, costOfRuns, totalActions } from '../../bench/count-actions.js';
import type { Activities } from '../../activities/index.js';
import type { ModelAccessJobRequestInput } from '../../planner/index.js';
import { fakeActivities } from '../helpers/fake-activities.js';
import { connectTemporal } from '../helpers/temporal.js';

const shards = 3000;
const rows = 1000;

const temporal = await connectTemporal();
const { jobs } = temporal;

describe('a batch of 3,000 shards', () => {
  it('keeps each history below 5,000 events and 5 MB, costs an Action a shard and never counts backwards', async () => {
    const box = emptyShards();
    const { counts, result, runs } = await temporal.withWorker(
      box.activities,
      async () => {
        const handle = await jobs.start(request());
        const seen: number[] = [];
        for await (const { snapshot } of handle.watch({ intervalMs: 100 })) {
          if (snapshot.progress?.unit === 'inputs') seen.push(snapshot.progress.completed);
        }
        const { firstRunId } = handle as unknown as { firstRunId: string };
        return {
          counts: seen,
          result: await handle.result(),
          runs: await costOfRuns(temporal.client, handle.jobId, firstRunId),
        };
      },
      { maxConcurrentActivityTaskExecutions: 64 },
    );
    expect(result.output).toMatchObject({ inputCount: shards * rows, succeeded: shards * rows, failed: 0, shards });
    expect(box.ran).toEqual(new Map(Array.from({ length: shards }, (_, shard) => [shard, 1])));
    expect(counts).toEqual([...counts].sort((left, right) => left - right));

    expect(Math.max(...runs.map(({ events }) => events))).toBeLessThan(5000);
    expect(Math.max(...runs.map(({ bytes }) => bytes))).toBeLessThan(5_000_000);
    const actions = addActions(runs.map((run) => run.actions));
    // One for each shard, and to start, to continue, to plan and to put together.
    expect(totalActions(actions)).toBe(shards + runs.length + 2);
    console.log(JSON.stringify({ runs: runs.map(({ events, bytes }) => ({ events, bytes })), actions }));
  });
});

describe('a batch whose history grows while it is paused', () => {
  it('goes on in a new run, paused, with its counts and its concurrency', async () => {
    const box = emptyShards();
    await temporal.withWorker(box.activities, async () => {
      const handle = await jobs.start(request());
      await expect.poll(async () => (await handle.batch()).done, patient).toBeGreaterThan(10 * rows);
      await handle.setConcurrency(3);
      const paused = await handle.pause();
      const { runId } = await temporal.client.workflow.getHandle(handle.jobId).describe();
      const large = 'x'.repeat(1_000_000);
      for (let sent = 0; sent < 5; sent++) {
        await temporal.client.workflow.getHandle(handle.jobId).signal('setConcurrency', large);
      }
      // The size of a history is told to the workflow task that follows.
      const runNow = async (): Promise<string> => {
        const latest = temporal.client.workflow.getHandle(handle.jobId);
        await latest.signal('pause');
        return (await latest.describe()).runId;
      };
      await expect.poll(runNow, patient).not.toBe(runId);
      const { done, succeeded } = paused;
      expect(await handle.batch()).toMatchObject({ phase: 'paused', done, succeeded, concurrency: 3, running: 0 });
      expect(await handle.snapshot()).toMatchObject({ status: 'running', progress: { completed: done } });
      const listed = async (): Promise<boolean[]> => {
        const found: boolean[] = [];
        for await (const { jobId, paused: isPaused } of jobs.list({ kind: 'BatchInference', status: 'running' })) {
          if (jobId === handle.jobId) found.push(isPaused);
        }
        return found;
      };
      await expect.poll(listed, patient).toEqual([true]);
      await handle.resume();
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ code: 'Cancelled', details: { progress: {} } });
      expect((await handle.events()).at(-1)?.kind).toEqual({
        StatusChanged: { status: 'cancelled', message: 'cancelled' },
      });
    });
  });
});

const patient = { timeout: 30_000, interval: 50 };

function request(): ModelAccessJobRequestInput {
  return {
    id: `bounded-${randomUUID()}`,
    kind: 'BatchInference',
    spec: { name: 'm', task: 'ocr', source: { kind: 'local_path', path: '/m' }, files: [] },
    backend: 'onnx',
    options: { batch: { concurrency: 16 } },
  };
}

/** Shards that are done at once, and how often each has run. */
function emptyShards(): { activities: Activities; ran: Map<number, number> } {
  const ran = new Map<number, number>();
  const activities: Activities = {
    ...fakeActivities(),
    planShards: () => Promise.resolve({ folder: '/jobs/b', rows: shards * rows, shards, shardSize: rows }),
    runShard: ({ shard }) => {
      ran.set(shard, (ran.get(shard) ?? 0) + 1);
      return Promise.resolve({ shard, succeeded: rows, failed: 0 });
    },
  };
  return { activities, ran };
}
