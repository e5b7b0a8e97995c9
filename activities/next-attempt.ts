/** The least of the longest pauses between two attempts, in seconds. */
const minPause = 5;

/**
 * How long to wait for the next attempt, in seconds: 1, 2, 4, …, then a hundredth of the whole wait, or 5 s if that is
 * more. So no wait costs more than some 110 attempts, each an Action on Temporal Cloud, and no job starts later after
 * its input than a hundredth of its wait.
 *
 * @param attempt 1 for the first
 */
export function secondsToNextAttempt(attempt: number, waitSeconds: number): number {
  return Math.min(2 ** (attempt - 1), Math.max(minPause, waitSeconds / 100));
}
