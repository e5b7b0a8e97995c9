import type { ActivityWork } from '../../activities/activity-work.js';
import { asActivities } from '../../activities/as-activities.js';
import type { Activities } from '../../activities/index.js';
import type { RunShard } from '../../engine/datasets/run-shard.js';
import type { RowCounts, ShardFacts, ShardPlan } from '../../planner/index.js';
import { fakeActivities } from './fake-activities.js';

export interface FakeShards {
  activities: Activities;
  plan: ShardPlan;
  /** What is "on disk": the rows of each shard that are done. Each entry grows by one a row, across attempts. */
  durable: Map<number, number>;
  /** Rows that were run in all: more than there are where a row was run twice. */
  rowsRun: () => number;
  /** How many shards run now, and how many ran at once at most. */
  running: () => number;
  mostAtOnce: () => number;
  /** What each attempt was told that the job had counted. */
  counted: RowCounts[];
  listed: RowCounts[];
}

/**
 * Shards that take their time and leave their rows on "disk", as the real ones do: an attempt goes on after the last
 * row of the one before.
 *
 * @param fails whether a row fails
 */
export function fakeShards({
  shards,
  rows,
  rowMs = 20,
  fails = () => false,
}: {
  shards: number;
  rows: number;
  rowMs?: number;
  fails?: (index: number) => boolean;
}): FakeShards {
  const plan: ShardPlan = { folder: '/jobs/b/batch', rows: shards * rows, shards, shardSize: rows };
  const durable = new Map<number, number>();
  const counted: RowCounts[] = [];
  const listed: RowCounts[] = [];
  let rowsRun = 0;
  let running = 0;
  let mostAtOnce = 0;

  const countsOf = (shard: number): RowCounts => {
    const done = durable.get(shard) ?? 0;
    const failed = Array.from({ length: done }, (_, row) => fails(shard * rows + row)).filter(Boolean).length;
    return { succeeded: done - failed, failed };
  };
  const runShard = async (
    _deps: unknown,
    { shard, counted: before = { succeeded: 0, failed: 0 } }: RunShard,
    { signal, report }: ActivityWork,
  ): Promise<ShardFacts> => {
    counted.push(before);
    mostAtOnce = Math.max(mostAtOnce, ++running);
    try {
      const known = before.succeeded + before.failed;
      for (let done = durable.get(shard) ?? 0; done < rows; done++) {
        signal.throwIfAborted();
        await sleep(rowMs);
        durable.set(shard, done + 1);
        rowsRun++;
        const { succeeded, failed } = countsOf(shard);
        const beyond = { succeeded: succeeded - before.succeeded, failed: failed - before.failed };
        const progress = {
          completed: done + 1 - known,
          total: rows - known,
          unit: 'inputs',
          message: `shard ${shard}`,
        };
        report(progress, beyond);
      }
      return { shard, ...countsOf(shard) };
    } finally {
      running--;
    }
  };
  const activities: Activities = {
    ...fakeActivities(),
    planShards: () => Promise.resolve(plan),
    ...asActivities({}, { runShard }),
    assembleBatch: () => {
      const all = [...durable.keys()].map(countsOf);
      return Promise.resolve({
        artifacts: [],
        succeeded: sum(all.map(({ succeeded }) => succeeded)),
        failed: sum(all.map(({ failed }) => failed)),
        missingShards: [],
      });
    },
    listDone: ({ succeeded, failed }) => {
      listed.push({ succeeded, failed });
      const errors = failed > 0 ? [{ index: 1, customId: null, code: 'Failed', message: 'not a sentence' }] : [];
      return Promise.resolve({ artifacts: [partial], errors });
    },
  };
  return {
    activities,
    plan,
    durable,
    rowsRun: () => rowsRun,
    running: () => running,
    mostAtOnce: () => mostAtOnce,
    counted,
    listed,
  };
}

const partial = {
  id: 'partial',
  kind: 'json' as const,
  mediaType: 'application/json',
  uri: 'file:///jobs/b/_PARTIAL.json',
  metadata: {},
};

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
