import {
  addSample,
  rateOf,
  timeLeft,
  type HeartbeatDetails,
  type JobProgress,
  type RateSample,
} from '../planner/index.js';

/** How often the rate is measured, in milliseconds. */
const rateMs = 250;

/** Measures how fast progress grows. */
export function createRateMeter(): (progress: JobProgress) => Pick<HeartbeatDetails, 'rate'> {
  let samples: readonly RateSample[] = [];
  let unit = '';
  return (progress) => {
    const at = Date.now();
    if (progress.unit !== unit) samples = [];
    unit = progress.unit;
    const last = samples.at(-1);
    if (!last || at - last.at >= rateMs) samples = addSample(samples, { at, completed: progress.completed });
    const perSecond = rateOf(samples, at);
    if (perSecond === undefined) return {};
    const left = timeLeft(progress, perSecond);
    const secondsLeft = left === undefined ? null : Math.ceil(left / 1000);
    return { rate: { perSecond: Math.round(perSecond), secondsLeft } };
  };
}
