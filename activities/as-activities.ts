import { toFailure } from './failures.js';
import { currentReporter } from './reporter.js';

/** How often a running activity repeats its last heartbeat, in milliseconds, so that a cancel reaches silent work. */
const beatInterval = 1000;

type ActivityFunction = (...args: never[]) => Promise<unknown>;

/** Wraps functions into activities: errors become failures, and silence never hides a cancel. */
export function asActivities<T extends Record<string, ActivityFunction>>(functions: T): T {
  return Object.fromEntries(Object.entries(functions).map(([name, run]) => [name, asActivity(run)])) as T;
}

/**
 * The beat tells the server that this process lives, no more: work that can hang bounds its own silence
 * (a transfer by its throughput, a command by its time limit).
 */
function asActivity(run: ActivityFunction): ActivityFunction {
  return async (...args) => {
    const reporter = currentReporter();
    const beat = setInterval(() => reporter.beat(), beatInterval);
    try {
      reporter.signal.throwIfAborted();
      return await run(...args);
    } catch (error) {
      throw toFailure(error);
    } finally {
      clearInterval(beat);
    }
  };
}
