import type { StepRetry } from '../../../planner/index.js';
import { formatDuration, formatTimeLeft } from './quantity.js';
import { clip, oneLine } from './text.js';

/**
 * A step that is tried again, in words:
 * `downloadModel, attempt 3 of at most 1000 in 4 s, given up in 9 min 50 s: connect ECONNREFUSED`.
 *
 * @param now milliseconds since 1970
 */
export function retryText(retry: StepRetry, now: number): string {
  const { failure = 'the attempt before ended without a word', nextAt, givesUpAt } = retry;
  const next = nextAt === undefined ? '' : ` in ${formatTimeLeft(Math.max(Date.parse(nextAt) - now, 0))}`;
  const end =
    givesUpAt === undefined ? '' : `, given up in ${formatDuration(Math.max(Date.parse(givesUpAt) - now, 0))}`;
  return `${attemptText(retry)}${next}${end}: ${clip(oneLine(failure), 300)}`;
}

/** The same without what changes from second to second: `downloadModel, attempt 3: connect ECONNREFUSED`. */
function attemptText({ step, attempt, maxAttempts }: StepRetry): string {
  return `${step}, attempt ${attempt}${maxAttempts === undefined ? '' : ` of at most ${maxAttempts}`}`;
}
