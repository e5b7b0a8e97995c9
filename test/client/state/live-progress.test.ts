import { expect, test } from 'vitest';
import type { JobActivity } from '../../../client/state/job-activities.js';
import { createProgressKeeper, furthestSnapshot, liveProgress } from '../../../client/state/live-progress.js';
import type { JobProgress, JobSnapshot } from '../../../planner/index.js';

test("an activity's progress is finer than the steps of its job, and is shown instead", () => {
  const steps = { completed: 0, total: 2, unit: 'steps' };
  const bytes = { completed: 10, total: 100, unit: 'bytes', message: 'model.onnx' };
  expect(liveProgress(steps, [activity('1', bytes)])).toEqual(bytes);
  expect(liveProgress(null, [activity('1', bytes)])).toEqual(bytes);
});

test('shards that run add to the rows that their job has counted', () => {
  const rows = { completed: 300, total: 1000, unit: 'inputs', message: 'shard 5 of 10' };
  const shards = [40, 25].map((completed, index) => activity(`${index}`, { completed, total: 100, unit: 'inputs' }));
  expect(liveProgress(rows, shards)).toEqual({ ...rows, completed: 365 });
});

test('steps of an activity are not parts of the steps of its job', () => {
  const steps = { completed: 1, total: 2, unit: 'steps' };
  const inner = { completed: 1, total: 3, unit: 'steps' };
  expect(liveProgress(steps, [activity('1', inner)])).toEqual(inner);
});

test('without a report the job shows what it has counted', () => {
  const steps = { completed: 1, total: 2, unit: 'steps' };
  expect(liveProgress(steps, [activity('1', null)])).toEqual(steps);
  expect(liveProgress(null, [])).toBeNull();
});

test('a retry that counts again never shows less than before', () => {
  const keep = createProgressKeeper();
  const shown = [10, 60, 5, null, 70].map((completed) => {
    const progress = completed === null ? null : { completed, total: 100, unit: 'bytes' };
    return keep([activity('1', progress)])[0]?.progress?.completed;
  });
  expect(shown).toEqual([10, 60, 60, 60, 70]);
});

test('shards alone, of a batch whose worker does not answer, are no progress', () => {
  const shard = { ...activity('1', { completed: 90, total: 100, unit: 'inputs' }), type: 'runShard' };
  expect(liveProgress(null, [shard])).toBeNull();
});

test('a job whose worker does not answer shows what was known before', () => {
  const known = { progress: { completed: 500, total: 1000, unit: 'inputs' }, metadata: {} } as JobSnapshot;
  const unknown = { ...known, progress: null };
  expect(furthestSnapshot(known, unknown).progress).toEqual(known.progress);
});

test('one activity does not hold back another', () => {
  const keep = createProgressKeeper();
  keep([activity('1', { completed: 90, total: 100, unit: 'bytes' })]);
  expect(keep([activity('2', { completed: 1, total: 100, unit: 'bytes' })])[0]?.progress?.completed).toBe(1);
});

function activity(id: string, progress: JobProgress | null): JobActivity {
  return { id, type: 'work', attempt: 1, progress };
}
