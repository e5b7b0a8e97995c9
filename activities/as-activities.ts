import { defaultRetryLimits, type RetryLimits } from '../planner/index.js';
import { currentWork, type ActivityWork } from './activity-work.js';
import { toFailure } from './failures.js';
import { requestedLimits } from './retry-limits.js';

/** How often a running activity repeats its last heartbeat, in milliseconds, so that a cancel reaches silent work. */
const heartbeatMs = 1000;

/** An activity as it is written: what it works with, its input, and its line to the job. */
type ActivityFunction<Deps> = (deps: Deps, input: never, work: ActivityWork) => Promise<unknown>;

/** An activity as Temporal calls it. */
type Bound<Run> = Run extends (deps: never, input: infer Input, work: never) => Promise<infer Output>
  ? (input: Input) => Promise<Output>
  : never;

/**
 * Binds functions to what they work with: errors become failures, and silence never hides a cancel.
 *
 * @param limits of the retries, where the request names none
 */
export function asActivities<Deps, Functions extends Record<string, ActivityFunction<Deps>>>(
  deps: Deps,
  functions: Functions,
  limits = defaultRetryLimits,
): { [Name in keyof Functions]: Bound<Functions[Name]> } {
  const bound = Object.entries(functions).map(([name, run]) => [name, asActivity(deps, run, limits)] as const);
  return Object.fromEntries(bound) as { [Name in keyof Functions]: Bound<Functions[Name]> };
}

/**
 * The heartbeat tells the server that this process lives, no more: work that can hang bounds its own silence
 * (a transfer by its throughput, a command by its time limit).
 */
function asActivity<Deps>(
  deps: Deps,
  run: ActivityFunction<Deps>,
  limits: RetryLimits,
): (input: never) => Promise<unknown> {
  return async (input) => {
    const work = currentWork();
    const heartbeat = setInterval(() => work.heartbeat(), heartbeatMs);
    try {
      work.signal.throwIfAborted();
      work.begin(requestedLimits(input) ?? limits);
      return await run(deps, input, work);
    } catch (error) {
      throw await toFailure(error);
    } finally {
      clearInterval(heartbeat);
    }
  };
}
