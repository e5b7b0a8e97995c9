import { expect, it } from 'vitest';
import { createRecordScanner } from '../../../engine/datasets/rows-in/readers/csv-records.js';
import { createJsonSplitter } from '../../../engine/datasets/rows-in/readers/json-values.js';
import { createLineScanner } from '../../../system/files/line-scanner.js';

const most = 64 << 20;
const piece = Buffer.alloc(1 << 16, 'x');

/** A scanner that tells of the sizes of rows, and how a long row begins and ends for it. */
type Open = (sizes: number[]) => { push: (bytes: Buffer) => void; begin: string; end: string };

const scanners: Record<string, Open> = {
  lines: (sizes) => {
    const scanner = createLineScanner((_chunk, _from, _until, sizeBytes) => sizes.push(sizeBytes), most);
    return { push: (bytes) => scanner.push(bytes), begin: '"', end: '"\n' };
  },
  'records of CSV': (sizes) => {
    const dialect = { delimiter: 0x2c, quote: 0x22 };
    const scanner = createRecordScanner(dialect, ({ sizeBytes }) => sizes.push(sizeBytes), most);
    return { push: (bytes) => scanner.push(bytes), begin: '"', end: '"\n' };
  },
  'elements of a JSON array': (sizes) => {
    const splitter = createJsonSplitter((_text, sizeBytes) => sizes.push(sizeBytes), most);
    return { push: (bytes) => splitter.push(bytes), begin: '["', end: '"]' };
  },
};

/** The CPU time that a row of so many megabytes takes, in microseconds. */
function timeOf(open: Open, megabytes: number): number {
  const sizes: number[] = [];
  const { push, begin, end } = open(sizes);
  const before = process.cpuUsage();
  push(Buffer.from(begin));
  for (let left = megabytes << 20; left > 0; left -= piece.length) push(piece);
  push(Buffer.from(end));
  const { user, system } = process.cpuUsage(before);
  expect(sizes).toHaveLength(1);
  expect(sizes[0]).toBeGreaterThanOrEqual(megabytes << 20);
  return user + system;
}

it.each(Object.entries(scanners))('%s take a time that is linear in their length', (what, open) => {
  // Those that look at each byte take longer.
  const megabytes = what === 'lines' ? 15 : 4;
  const least = (size: number): number => Math.min(...Array.from({ length: 4 }, () => timeOf(open, size)));
  // A quadratic one takes sixteen times as long.
  expect(least(4 * megabytes)).toBeLessThan(10 * least(megabytes) + 50_000);
});
