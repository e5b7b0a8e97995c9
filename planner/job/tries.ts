import { z } from 'zod';
import { once } from '../shared/once.js';

/** How long an activity goes on trying while its attempts bring nothing new, in seconds. */
export interface RetryLimits {
  /** Where what it needs answers, and answers wrongly. */
  faultSeconds: number;
  /** Where what it needs can't be reached. */
  unreachableSeconds: number;
}

/** The limits of a worker whose operator names none. */
export const defaultRetryLimits: RetryLimits = { faultSeconds: 600, unreachableSeconds: 3600 };

const count = z.int().nonnegative();

/** What an activity's attempts came to since something new came last: it travels in the heartbeats. Times in ms since 1970. */
export const triesSchema = once(() =>
  z.object({
    /** When something new came last, else when the first attempt began. */
    since: z.number(),
    /** Attempts that failed since. */
    failed: count,
    /** Attempts that ended without a word since: their workers died. */
    died: count,
    /** The attempt that failed last, and when the activity is given up if nothing new comes. */
    told: z.exactOptional(z.object({ attempt: count, until: z.number() })),
    /** The furthest that each unit of progress has come. */
    reached: z.record(z.string(), z.number()),
  }),
);

export type Tries = z.infer<ReturnType<typeof triesSchema>>;

/** Attempts in a row that may die with their workers: what ends a worker each time will do so again. */
export const maxDeaths = 20;

/** What an attempt must bring to count as new where bytes are counted: a network that drips is no network. */
const leastBytes = 64 << 10;

/** The longest pause between two attempts, in seconds. */
const longestPause = 60;

/**
 * The tries when an attempt begins.
 *
 * @param before from the heartbeats of the attempts before
 * @param attempt 1 for the first
 */
export function beginTry(before: Tries | undefined, attempt: number, now: number): Tries {
  if (!before) return { since: now, failed: 0, died: attempt - 1, reached: {} };
  const hasDied = before.told?.attempt !== attempt - 1 && attempt > 1;
  return hasDied ? { ...before, died: before.died + 1 } : before;
}

/** The tries with what an attempt reports; where that is new, the count begins anew. */
export function noteProgress(
  tries: Tries,
  { unit, completed }: { unit: string; completed: number },
  now: number,
): Tries {
  const before = tries.reached[unit] ?? 0;
  const least = unit === 'bytes' ? leastBytes : 1;
  if (completed < before + least) return tries;
  return { since: now, failed: 0, died: 0, reached: { ...tries.reached, [unit]: completed } };
}

/** A fault that may pass, as far as it decides on the next attempt. */
export interface PassingFault {
  unreachable: boolean;
  /** What the other side asks to wait, in milliseconds. */
  retryAfterMs?: number | undefined;
}

/** What follows a failed attempt: another one after so many milliseconds, or none. */
export interface NextTry {
  tries: Tries;
  /** Undefined where the activity is given up. */
  delayMs: number | undefined;
}

/**
 * Decides what follows an attempt that failed: 1, 2, 4, … up to 60 seconds between attempts that bring nothing, anew after
 * one that brought something, and the last one at the limit.
 */
export function failTry(tries: Tries, attempt: number, fault: PassingFault, limits: RetryLimits, now: number): NextTry {
  const limit = fault.unreachable ? limits.unreachableSeconds : limits.faultSeconds;
  const until = tries.since + limit * 1000;
  const next = { ...tries, failed: tries.failed + 1, told: { attempt, until } };
  if (now >= until) return { tries: next, delayMs: undefined };
  const pause = Math.min(2 ** tries.failed, longestPause) * 1000;
  return { tries: next, delayMs: Math.min(Math.max(pause, fault.retryAfterMs ?? 0), until - now) };
}
