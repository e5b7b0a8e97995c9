import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addRange, bytesIn, missingRanges, wholeUntil, type Extents } from '../../../../engine/hub/transfer/extents.js';

const size = 50;
const range = fc
  .tuple(fc.nat(size - 1), fc.integer({ min: 1, max: 20 }))
  .map(([start, length]) => ({ start, end: Math.min(start + length, size) }));

describe('the extents of a file', () => {
  it('hold what was added, and nothing else, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(range), (ranges) => {
        const extents = ranges.reduce<Extents>(addRange, []);
        expect(bytesOf(extents)).toEqual(bytesOf(ranges));
        expect(bytesIn(extents)).toBe(bytesOf(ranges).size);
        extents.slice(1).forEach(({ start }, index) => expect(start).toBeGreaterThan(extents[index]!.end));
      }),
    );
  });

  it('tell what is missing, in ranges that are not too long', () => {
    fc.assert(
      fc.property(fc.array(range), fc.integer({ min: 1, max: 60 }), (ranges, length) => {
        const extents = ranges.reduce<Extents>(addRange, []);
        const missing = missingRanges(extents, size, length);
        expect(bytesIn(missing) + bytesIn(extents)).toBe(size);
        expect(bytesIn(missing.reduce<Extents>(addRange, extents))).toBe(size);
        missing.forEach(({ start, end }) => expect(end - start).toBeLessThanOrEqual(length));
      }),
    );
  });

  it('know how far the file is whole from its beginning', () => {
    expect(wholeUntil([])).toBe(0);
    expect(wholeUntil([{ start: 1, end: 5 }])).toBe(0);
    expect(
      wholeUntil([
        { start: 0, end: 5 },
        { start: 7, end: 9 },
      ]),
    ).toBe(5);
  });
});

function bytesOf(ranges: Extents): Set<number> {
  return new Set(ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)));
}
