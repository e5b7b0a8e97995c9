import { z } from 'zod';
import { once } from '../shared/once.js';

const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };

const durationPattern = /^(?:\d{1,7}[dhms])+$/;

/** A length of time in whole seconds, as people write it: `90s`, `5m`, `1h30m`, `1d`. */
export const durationSchema = once(() =>
  z.string().regex(durationPattern, 'expected a duration such as 90s, 5m, 1h30m or 1d'),
);

/** A duration in milliseconds. */
export function durationMs(text: string): number {
  return [...text.matchAll(/(\d+)([dhms])/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * (unitMs[unit ?? ''] ?? 0),
    0,
  );
}

/** Milliseconds as the shortest duration: `5400000` is `1h30m`. Parts of a second are left out. */
export function durationText(ms: number): string {
  let left = ms;
  const parts = Object.entries(unitMs).map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count > 0 ? `${count}${unit}` : '';
  });
  return parts.join('') || '0s';
}

/** Times that come every so often since 1970 began, moved by an offset; both in milliseconds. */
export interface Interval {
  every: number;
  offset: number;
}

/** Reads `1h`, or `1h/5m` with an offset. Undefined for less than a second, and for an offset that is not
 * smaller than the interval. */
export function parseInterval(text: string): Interval | undefined {
  const [every = '', offset = '0s', ...rest] = text.split('/');
  if (rest.length > 0 || ![every, offset].every((part) => durationPattern.test(part))) return undefined;
  const interval = { every: durationMs(every), offset: durationMs(offset) };
  return interval.every >= 1000 && interval.offset < interval.every ? interval : undefined;
}

/** An interval as one would write it. */
export function intervalText({ every, offset }: Interval): string {
  return offset > 0 ? `${durationText(every)}/${durationText(offset)}` : durationText(every);
}
