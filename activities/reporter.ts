import { Context } from '@temporalio/activity';
import {
  addSample,
  furthestProgress,
  rateOf,
  readHeartbeat,
  timeLeft,
  type HeartbeatDetails,
  type JobProgress,
  type RateSample,
  type RowCounts,
} from '../planner/index.js';

/** How often the rate is measured, in milliseconds. */
const rateMs = 250;

/** An activity's line to its job: progress out, cancellation and the last attempt's cursor in. */
export interface Reporter<Resume = unknown> {
  /** Aborted when the job is cancelled, or when the worker shuts down. */
  readonly signal: AbortSignal;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Whether no attempt follows this one. */
  readonly lastAttempt: boolean;
  readonly jobId: string;
  /** What the last attempt reported as its cursor: a hint, for what is on disk is the truth. */
  readonly resume: Resume | undefined;
  /**
   * Reports progress; cheap enough for every step, since the SDK throttles heartbeats. Never goes backwards.
   *
   * @param counts how the rows of a shard came out that `progress` counts
   */
  report: (progress: JobProgress, resume?: Resume, counts?: RowCounts) => void;
  /** What was reported last, by this attempt or the one before. */
  readonly last?: HeartbeatDetails<Resume> | undefined;
  /** Repeats the last report. */
  beat: () => void;
}

/** One reporter for each running activity. */
const reporters = new WeakMap<Context, Reporter>();

/** The reporter of the activity that is running. `Resume` is trusted: only this activity wrote it. */
export function currentReporter<Resume = unknown>(): Reporter<Resume> {
  const context = Context.current();
  const known = reporters.get(context) ?? createReporter(context);
  reporters.set(context, known);
  return known as Reporter<Resume>;
}

function createReporter(context: Context): Reporter {
  let last: HeartbeatDetails | undefined = readHeartbeat(context.info.heartbeatDetails);
  const rate = createRateMeter();
  const beat = (): void => context.heartbeat(last);
  return {
    signal: context.cancellationSignal,
    attempt: context.info.attempt,
    lastAttempt: context.info.attempt >= (context.info.retryPolicy?.maximumAttempts ?? Infinity),
    jobId: context.info.workflowExecution?.workflowId ?? context.info.activityId,
    resume: last?.resume,
    beat,
    get last() {
      return last;
    },
    report(now, resume = last?.resume, counts = last?.counts) {
      const progress = furthestProgress(last?.progress, now);
      const told = progress.completed > now.completed ? last?.counts : counts;
      last = {
        progress,
        ...(resume === undefined ? {} : { resume }),
        ...rate(progress),
        ...(told === undefined ? {} : { counts: told }),
      };
      beat();
    },
  };
}

/** Measures how fast progress grows. */
function createRateMeter(): (progress: JobProgress) => Pick<HeartbeatDetails, 'rate'> {
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
