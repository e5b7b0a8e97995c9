import { expect, test } from 'vitest';
import {
  formatAmount,
  formatBytes,
  formatDuration,
  formatTimeLeft,
  percent,
} from '../../../../client/cli/render/quantity.js';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [12_345_678, '12.3 MB'],
  [4_000_000_000_000, '4.0 TB'],
])('%d bytes are written as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [45.4, '45 ms'],
  [999.6, '1.0 s'],
  [1234, '1.2 s'],
  [59_960, '1 min 0 s'],
  [185_000, '3 min 5 s'],
  [3_599_600, '1 h 0 min'],
  [7_800_000, '2 h 10 min'],
  [273_600_000, '3 d 4 h'],
])('%d milliseconds are written as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('what is left is told in whole seconds and never as nothing', () => {
  expect([1, 1000, 5300, 59_000, 61_000].map(formatTimeLeft)).toEqual(['1 s', '1 s', '6 s', '59 s', '1 min 1 s']);
});

test('an amount that is not bytes keeps its unit', () => {
  expect([formatAmount(2_000_000, 'bytes'), formatAmount(12_345, 'files'), formatAmount(2.34, 'steps')]).toEqual([
    '2.0 MB',
    '12,345 files',
    '2.3 steps',
  ]);
});

test('only what is complete is a hundred per cent', () => {
  expect([percent(999, 1000), percent(1000, 1000)]).toEqual([99, 100]);
});
