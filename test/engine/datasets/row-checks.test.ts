import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkOf } from '../../../engine/datasets/rows-in/row-checks.js';

it('the check of a row is that of its bytes, wherever they stand', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (bytes, place, other) => {
        const row = Buffer.from(bytes);
        const moved = Buffer.concat([Buffer.from('before'), row, Buffer.from('behind')]);
        expect(checkOf(moved, 6, 6 + row.length)).toBe(checkOf(row, 0, row.length));
        if (row.length === 0) return;
        const changed = Buffer.from(row);
        changed[place % row.length]! ^= other;
        expect(checkOf(changed, 0, row.length)).not.toBe(checkOf(row, 0, row.length));
      },
    ),
  );
});

it('the check of a short row is FNV-1a, and of a long one CRC-32', () => {
  // Of draft-eastlake-fnv, and of the catalogue of CRC algorithms ("123456789" is cbf43926 there).
  expect(checkOf(Buffer.from('foobar'), 0, 6).toString(16)).toBe('bf9cf968');
  expect(checkOf(Buffer.from('a'.repeat(300)), 0, 300)).not.toBe(checkOf(Buffer.from('a'.repeat(301)), 0, 301));
});
