import { expect, test } from 'vitest';
import { describeProgress, progressBar } from '../../../../client/cli/render/progress.js';
import { addSample, rateOf, timeLeft, type RateSample } from '../../../../planner/index.js';

const bytes = { completed: 12_300_000, total: 40_000_000, unit: 'bytes' };

test('a progress is told with its total, share, rate and time left', () => {
  expect(describeProgress(bytes, 5_200_000)).toBe('12.3 MB of 40.0 MB (30 %), 5.2 MB/s, 6 s left');
  expect(describeProgress({ completed: 3, total: 7, unit: 'files' })).toBe('3 of 7 files (42 %)');
});

test('a progress without a total tells neither share nor time left', () => {
  expect(describeProgress({ completed: 5, total: null, unit: 'files' }, 2)).toBe('5 files, 2 files/s');
});

test('a bar has the same width at every share', () => {
  const bars = [0, 1, 50, 99, 100].map((completed) => progressBar({ completed, total: 100, unit: 'files' }));
  const ends = bars.map((bar) => bar.indexOf(']'));
  expect(new Set(ends)).toEqual(new Set([25]));
  expect(bars[0]).toContain('[>-----------------------]   0 %');
  expect(bars[4]).toContain('[========================] 100 %');
});

test('the rate is that of the last ten seconds', () => {
  const samples = [0, 1000, 2000, 12_000, 13_000, 14_000].reduce<RateSample[]>(
    (kept, at) => addSample(kept, { at, completed: at < 3000 ? at : at * 10 }),
    [],
  );
  expect(samples[0]?.at).toBeGreaterThanOrEqual(4000);
  expect(rateOf(samples, 14_000)).toBeCloseTo(10_000);
});

test('there is no rate before half a second, and none for work that stands still', () => {
  const samples = addSample(addSample([], { at: 0, completed: 0 }), { at: 400, completed: 10 });
  expect(rateOf(samples, 400)).toBeUndefined();
  expect(rateOf(addSample([], { at: 0, completed: 7 }), 5000)).toBeUndefined();
});

test('a count that falls begins a new measurement', () => {
  const samples = addSample(addSample([], { at: 0, completed: 100 }), { at: 1000, completed: 5 });
  expect(samples).toEqual([{ at: 1000, completed: 5 }]);
});

test('nothing is left of what is complete', () => {
  expect(timeLeft({ ...bytes, completed: bytes.total }, 5)).toBeUndefined();
  expect(timeLeft({ completed: 5, total: 10, unit: 'files' }, 5)).toBe(1000);
});
