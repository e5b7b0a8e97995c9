import { expect, it } from 'vitest';
import { gather } from '../../../system/files/gather.js';

it('makes few pieces of many, of the same bytes', () => {
  const pieces = Array.from({ length: 100_000 }, (_, at) => (at % 2 ? `ä${at}` : Buffer.from([at % 251])));
  const gathered = [...gather(pieces)];
  expect(gathered.length).toBeLessThan(10);
  expect(Buffer.concat(gathered).equals(Buffer.concat(pieces.map((piece) => Buffer.from(piece))))).toBe(true);
});

it('makes nothing of nothing', () => {
  expect([...gather([])]).toEqual([]);
});
