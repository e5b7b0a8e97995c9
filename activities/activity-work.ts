import { AsyncResource } from 'node:async_hooks';
import { Context, log } from '@temporalio/activity';
import type { JobWork } from '../engine/workspace/work.js';
import {
  beginTry,
  defaultRetryLimits,
  failTry,
  furthestProgress,
  maxDeaths,
  ModelJobError,
  noteProgress,
  readHeartbeat,
  type HeartbeatDetails,
  type RetryLimits,
} from '../planner/index.js';
import { passingFault } from './passing-fault.js';
import { createRateMeter } from './rate-meter.js';
import { createStepTeller } from './step-teller.js';

/** The longest line of a model or program that the log takes, in characters. */
const maxLine = 2000;

/** An activity's line to its job: progress out by heartbeats, cancellation in. */
export interface ActivityWork extends JobWork {
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** When the activity was scheduled, in milliseconds since 1970. */
  readonly scheduledAt: number;
  /** What was reported last, by this attempt or the one before. */
  readonly last: HeartbeatDetails;
  /** Repeats the last report. */
  heartbeat(): void;
  /**
   * Counts this attempt.
   *
   * @param limits how long attempts that bring nothing new are followed by others
   * @throws ModelJobError `StateUnavailable` where too many in a row have died with their workers
   */
  begin(limits: RetryLimits): void;
  /** What follows this attempt, which failed with this error: another one after so many milliseconds, or none. */
  fail(error: ModelJobError): Promise<number | undefined>;
  /** This attempt ends so that another worker goes on. */
  handOver(): void;
}

/** One for each running activity. */
const works = new WeakMap<Context, ActivityWork>();

/** The work of the activity that is running: the one place that asks Temporal for it. */
export function currentWork(): ActivityWork {
  const context = Context.current();
  const work = works.get(context) ?? createWork(context);
  works.set(context, work);
  return work;
}

function createWork(context: Context): ActivityWork {
  const { info } = context;
  const { attempt } = info;
  const before = readHeartbeat(info.heartbeatDetails) ?? {};
  const tell = createStepTeller(context, before.progress);
  const rate = createRateMeter();
  let limits = defaultRetryLimits;
  let tries = beginTry(before.tries, attempt, Date.now());
  let last: HeartbeatDetails = { ...before, tries };
  const heartbeat = (): void => context.heartbeat(last);
  const isLast = attempt >= (info.retryPolicy?.maximumAttempts ?? Infinity);
  const next = (error: ModelJobError) => failTry(tries, attempt, passingFault(error), limits, Date.now());
  return {
    signal: context.cancellationSignal,
    attempt,
    isLastAttempt: (error) => isLast || (error instanceof ModelJobError && next(error).delayMs === undefined),
    jobId: info.workflowExecution?.workflowId ?? info.activityId,
    runId: info.workflowExecution?.runId ?? info.activityId,
    scheduledAt: info.scheduledTimestampMs,
    heartbeat,
    get pinned() {
      return last.model;
    },
    pin(model) {
      const progress = last.progress ?? { completed: 0, total: 1, unit: 'steps', message: `pinned ${model.label}` };
      last = { ...last, progress, model };
      heartbeat();
    },
    get last() {
      return last;
    },
    begin(given) {
      limits = given;
      if (tries.died >= maxDeaths) throw deadly(tries.died);
      if (attempt > 1) heartbeat();
    },
    async fail(error) {
      const { tries: failed, delayMs } = next(error);
      tries = failed;
      last = { ...last, tries };
      heartbeat();
      if (delayMs !== undefined && !isLast) await tell.failed(error.detail, tries, delayMs);
      return delayMs;
    },
    handOver() {
      tries = { ...tries, told: { attempt, until: Date.now() } };
      last = { ...last, tries };
      heartbeat();
    },
    report(now, counts = last.counts) {
      const progress = furthestProgress(last.progress, now);
      const counted = progress.completed > now.completed ? last.counts : counts;
      tries = noteProgress(tries, progress, Date.now());
      const kept = {
        ...(counted === undefined ? {} : { counts: counted }),
        ...(last.model ? { model: last.model } : {}),
      };
      last = { progress, ...rate(progress), ...kept, tries };
      heartbeat();
      if (counted === undefined) tell.progress(progress);
    },
    // Lines come at any time, outside of the activity's own calls.
    log: AsyncResource.bind((line: string) => {
      log.info(line.slice(0, maxLine));
    }),
  };
}

function deadly(died: number): ModelJobError {
  const detail = `${died} attempts in a row ended without a word and brought nothing new: what runs them died each time`;
  return new ModelJobError('StateUnavailable', detail, { retryable: false });
}
