import type { JobProgress } from './progress.js';

/** What progress stood at, and when (milliseconds). */
export interface RateSample {
  at: number;
  completed: number;
}

/** How far back the rate looks, in milliseconds. */
const rateWindow = 10_000;

/** Adds a sample and forgets those that are too old; a new piece of work begins anew. */
export function addSample(samples: readonly RateSample[], sample: RateSample): RateSample[] {
  const last = samples.at(-1);
  if (last && sample.completed < last.completed) return [sample];
  const recent = samples.filter(({ at }) => sample.at - at <= rateWindow);
  return last?.completed === sample.completed ? recent : [...recent, sample];
}

/** Units a second over the window; undefined while there is too little to tell. */
export function rateOf(samples: readonly RateSample[], now: number): number | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last || now - first.at < 500) return undefined;
  const rate = (last.completed - first.completed) / ((now - first.at) / 1000);
  return rate > 0 ? rate : undefined;
}

/** Milliseconds left at a rate; undefined where the total is not known or nothing is left. */
export function timeLeft({ completed, total }: JobProgress, rate: number | undefined): number | undefined {
  return total == null || !rate || completed >= total ? undefined : ((total - completed) / rate) * 1000;
}
