import { describe, expect, it } from 'vitest';
import { beginTry, defaultRetryLimits, failTry, noteProgress, type Tries } from '../../planner/index.js';

const broken = { unreachable: false };
const away = { unreachable: true };

describe('attempts that bring nothing new', () => {
  it('follow each other at 1, 2, 4, … up to 60 seconds, and end after ten minutes, the last one at the limit', () => {
    const { pauses, seconds } = failAlways(broken);
    expect(pauses.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(seconds).toBe(600);
  });

  it('go on for an hour where nobody can be reached', () => {
    expect(failAlways(away).seconds).toBe(3600);
  });

  it('wait as long as the other side asks', () => {
    const fault = { unreachable: false, retryAfterMs: 90_000 };
    expect(failTry(beginTry(undefined, 1, 0), 1, fault, defaultRetryLimits, 0).delayMs).toBe(90_000);
  });

  it('are counted from the first one on, also where its worker died before it could tell', () => {
    expect(beginTry(undefined, 4, 0)).toMatchObject({ died: 3, failed: 0 });
  });
});

describe('an attempt that brings something new', () => {
  const failed: Tries = { since: 0, failed: 7, died: 2, told: { attempt: 9, until: 600_000 }, reached: { bytes: 1e6 } };

  it('begins the count and the pauses anew', () => {
    const tries = noteProgress(failed, { unit: 'bytes', completed: 2e6 }, 500_000);
    expect(tries).toEqual({ since: 500_000, failed: 0, died: 0, reached: { bytes: 2e6 } });
    expect(failTry(tries, 10, broken, defaultRetryLimits, 501_000).delayMs).toBe(1000);
  });

  it('is not one that only counts again what was there, or drips', () => {
    expect(noteProgress(failed, { unit: 'bytes', completed: 1e6 }, 1)).toBe(failed);
    expect(noteProgress(failed, { unit: 'bytes', completed: 1e6 + 1000 }, 1)).toBe(failed);
    expect(noteProgress(failed, { unit: 'steps', completed: 0 }, 1)).toBe(failed);
  });
});

describe('an attempt whose worker died', () => {
  it('is told from one that failed', () => {
    const first = beginTry(undefined, 1, 0);
    const { tries: told } = failTry(first, 1, broken, defaultRetryLimits, 1);
    const second = beginTry(told, 2, 2);
    expect(second.died).toBe(0);
    expect(beginTry(second, 3, 3).died).toBe(1);
  });
});

/** Attempts that fail at once, until one is the last. */
function failAlways(fault: { unreachable: boolean }): { pauses: number[]; seconds: number } {
  const pauses: number[] = [];
  let now = 0;
  let tries = beginTry(undefined, 1, now);
  for (let attempt = 1; ; attempt++) {
    tries = beginTry(tries, attempt, now);
    const { tries: next, delayMs } = failTry(tries, attempt, fault, defaultRetryLimits, now);
    if (delayMs === undefined) return { pauses, seconds: now / 1000 };
    pauses.push(delayMs / 1000);
    now += delayMs;
    tries = next;
  }
}
