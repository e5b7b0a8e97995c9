import { describe, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.js';
import { eventsMemo, type JobEvent, type ModelAccessJobResult, type ShardPlan } from '../../planner/index.js';
import { fakeActivities } from '../helpers/fake-activities.js';
import { connectTemporal } from '../helpers/temporal.js';

const temporal = await connectTemporal();

describe('a batch of more shards than one history should hold', () => {
  it('continues as new, runs each shard once and keeps its record', async () => {
    const box = shardBox(1500);
    const { handle, result } = await run('long', box.activities, 20);
    expect(box.runs).toEqual(new Map(Array.from({ length: 1500 }, (_, shard) => [shard, 1])));
    expect(result.output).toMatchObject({ inputCount: 1500, succeeded: 1500, failed: 0, shards: 1500 });

    const { memo, historyLength, runId } = await handle.describe();
    const { events: first } = await temporal.client.workflow
      .getHandle(handle.workflowId, handle.firstExecutionRunId)
      .fetchHistory();
    expect(runId).not.toBe(handle.firstExecutionRunId);
    expect(Math.max(historyLength, first?.length ?? 0)).toBeLessThan(5000);
    const kinds = (memo?.[eventsMemo] as JobEvent[]).map(({ kind }) => Object.keys(kind)[0]);
    expect(kinds.filter((kind) => kind === 'Log')).toHaveLength(1);
  });
});

describe('a batch whose shards vanish', () => {
  it('runs them again', async () => {
    const box = shardBox(5);
    let assemblies = 0;
    const activities: Activities = {
      ...box.activities,
      assembleBatch: () =>
        Promise.resolve({ artifacts: [], succeeded: 5, failed: 0, missingShards: assemblies++ === 0 ? [1, 3] : [] }),
    };
    const { result } = await run('vanishing', activities, 2);
    expect(result.output).toMatchObject({ succeeded: 5 });
    expect([0, 1, 2, 3, 4].map((shard) => box.runs.get(shard))).toEqual([1, 2, 1, 2, 1]);
  });

  it('fails at last, when they keep vanishing', async () => {
    const activities: Activities = {
      ...shardBox(2).activities,
      assembleBatch: () => Promise.resolve({ artifacts: [], succeeded: 0, failed: 0, missingShards: [0] }),
    };
    await expect(run('gone', activities, 2)).rejects.toMatchObject({ cause: { type: 'StateUnavailable' } });
  });
});

async function run(name: string, activities: Activities, concurrency: number) {
  return temporal.withWorker(activities, async () => {
    const handle = await temporal.client.workflow.start('modelBatchInference', {
      taskQueue: temporal.taskQueue,
      workflowId: `batch-${name}-${temporal.taskQueue}`,
      args: [
        {
          kind: 'BatchInference',
          spec: { name: 'm', task: 'ocr', source: { kind: 'local_path', path: '/m' }, files: [] },
          backend: 'onnx',
          options: { batch: { concurrency } },
        },
      ],
    });
    const result = (await handle.result()) as ModelAccessJobResult;
    return { handle, result };
  });
}

/** Shards of one row each that answer at once, and how often each has run. */
function shardBox(shards: number): { activities: Activities; runs: Map<number, number> } {
  const runs = new Map<number, number>();
  const plan: ShardPlan = { folder: '/jobs/b', rows: shards, shards, shardSize: 1 };
  const activities: Activities = {
    ...fakeActivities(),
    planShards: () => Promise.resolve(plan),
    runShard: ({ shard }) => {
      runs.set(shard, (runs.get(shard) ?? 0) + 1);
      return Promise.resolve({ shard, succeeded: 1, failed: 0 });
    },
  };
  return { activities, runs };
}
