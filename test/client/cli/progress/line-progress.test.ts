import { expect, test } from 'vitest';
import type { JobActivity } from '../../../../client/state/job-activities.js';
import { createLineProgress } from '../../../../client/cli/progress/line-progress.js';
import type { JobProgress, JobStatus } from '../../../../planner/index.js';
import { progressMoment } from './progress-moment.js';
import { createTestIo } from '../test-io.js';

test('more of the same is told every two seconds', () => {
  const lines = show([
    { at: 0, progress: bytes(0) },
    { at: 500, progress: bytes(5_000_000) },
    { at: 1900, progress: bytes(9_000_000) },
    { at: 2000, progress: bytes(10_000_000) },
    { at: 4100, progress: bytes(20_000_000) },
  ]);
  expect(lines).toEqual([
    'model.onnx: 0 B of 40.0 MB (0 %)',
    'model.onnx: 10.0 MB of 40.0 MB (25 %), 5.0 MB/s, 6 s left',
    'model.onnx: 20.0 MB of 40.0 MB (50 %), 4.9 MB/s, 5 s left',
  ]);
});

test('something new is told at once, another number in the same text is not', () => {
  const rows = (completed: number, message: string): JobProgress => ({
    completed,
    total: 800,
    unit: 'inputs',
    message,
  });
  const lines = show([
    { at: 0, progress: rows(0, 'shard 1 of 8') },
    { at: 100, progress: rows(100, 'shard 2 of 8') },
    { at: 200, progress: rows(100, 'putting the shards together') },
  ]);
  expect(lines).toEqual([
    'shard 1 of 8: 0 of 800 inputs (0 %)',
    'putting the shards together: 100 of 800 inputs (12 %)',
  ]);
});

test('each retry is told once, with its reason', () => {
  const retry: JobActivity = {
    id: '1',
    type: 'downloadModel',
    attempt: 2,
    progress: null,
    lastFailure: 'connection\nreset',
  };
  const lines = show([
    { at: 0, progress: bytes(0), activities: [retry] },
    { at: 100, progress: bytes(1), activities: [retry] },
    { at: 200, progress: bytes(2), activities: [{ ...retry, attempt: 3 }] },
  ]);
  expect(lines.filter((line) => line.startsWith('downloadModel'))).toEqual([
    'downloadModel, attempt 2: connection reset',
    'downloadModel, attempt 3: connection reset',
  ]);
});

test('a job that waits for a worker says so, once', () => {
  expect(show([0, 3000, 6000].map((at) => ({ at, status: 'queued' as const, progress: null })))).toEqual([
    'queued: no worker has taken it yet',
  ]);
});

test('a job that is being cancelled shows no progress', () => {
  expect(show([{ at: 0, status: 'cancelling', progress: bytes(5) }])).toEqual(['cancelling']);
});

interface Moment {
  at: number;
  status?: JobStatus;
  progress: JobProgress | null;
  activities?: JobActivity[];
}

function show(moments: readonly Moment[]): string[] {
  const { io, stderr } = createTestIo();
  let now = 0;
  const view = createLineProgress(io.stderr, () => now);
  for (const { at, status = 'running', progress, activities = [] } of moments) {
    now = at;
    view.update(progressMoment(progress, activities, status));
  }
  return stderr().split('\n').slice(0, -1);
}

function bytes(completed: number): JobProgress {
  return { completed, total: 40_000_000, unit: 'bytes', message: 'model.onnx' };
}
