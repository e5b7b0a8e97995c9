import { expect, it } from 'vitest';
import { inSlices } from '../../../system/files/in-slices.js';

it('answers in order, and lets others have their turn', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const slow = (item: number): number => {
    const until = performance.now() + 2;
    while (performance.now() < until);
    return item * 2;
  };
  expect(await inSlices([1, 2, 3, 4, 5, 6, 7, 8, 9], slow)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18]);
  clearInterval(timer);
  expect(turns).toBeGreaterThanOrEqual(2);
});
