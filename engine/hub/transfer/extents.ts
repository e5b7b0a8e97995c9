import type { ByteRange } from '../byte-range.js';

/** Parts of a file in ascending order, none touching another. */
export type Extents = readonly ByteRange[];

/** The extents with one more range; what touches is joined. */
export function addRange(extents: Extents, range: ByteRange): Extents {
  const before = extents.filter(({ end }) => end < range.start);
  const after = extents.filter(({ start }) => start > range.end);
  const touching = extents.filter(({ start, end }) => end >= range.start && start <= range.end);
  const start = Math.min(range.start, ...touching.map((part) => part.start));
  const end = Math.max(range.end, ...touching.map((part) => part.end));
  return [...before, { start, end }, ...after];
}

/** What is missing of `size` bytes, in ranges of `length` bytes at most. */
export function missingRanges(extents: Extents, size: number, length: number): ByteRange[] {
  const gaps: ByteRange[] = [];
  let at = 0;
  for (const { start, end } of [...extents, { start: size, end: size }]) {
    for (; at < start; at = Math.min(at + length, start)) gaps.push({ start: at, end: Math.min(at + length, start) });
    at = end;
  }
  return gaps;
}

/** Bytes in all. */
export function bytesIn(extents: Extents): number {
  return extents.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** How far the file is whole from its beginning. */
export function wholeUntil(extents: Extents): number {
  const first = extents[0];
  return first?.start === 0 ? first.end : 0;
}
