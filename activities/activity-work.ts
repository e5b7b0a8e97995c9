import { AsyncResource } from 'node:async_hooks';
import { Context, log } from '@temporalio/activity';
import type { JobWork } from '../engine/workspace/work.js';
import {
  addSample,
  furthestProgress,
  rateOf,
  readHeartbeat,
  timeLeft,
  type HeartbeatDetails,
  type JobProgress,
  type RateSample,
} from '../planner/index.js';

/** How often the rate is measured, in milliseconds. */
const rateMs = 250;

/** The longest line of a model or program that the log takes, in characters. */
const maxLine = 2000;

/** An activity's line to its job: progress out by heartbeats, cancellation in. */
export interface ActivityWork extends JobWork {
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** When the activity was scheduled, in milliseconds since 1970. */
  readonly scheduledAt: number;
  /** What was reported last, by this attempt or the one before. */
  readonly last: HeartbeatDetails | undefined;
  /** Repeats the last report. */
  heartbeat(): void;
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
  let last: HeartbeatDetails | undefined = readHeartbeat(info.heartbeatDetails);
  const rate = createRateMeter();
  const heartbeat = (): void => context.heartbeat(last);
  return {
    signal: context.cancellationSignal,
    attempt: info.attempt,
    lastAttempt: info.attempt >= (info.retryPolicy?.maximumAttempts ?? Infinity),
    jobId: info.workflowExecution?.workflowId ?? info.activityId,
    runId: info.workflowExecution?.runId ?? info.activityId,
    scheduledAt: info.scheduledTimestampMs,
    heartbeat,
    get pinned() {
      return last?.model;
    },
    pin(model) {
      const progress = last?.progress ?? { completed: 0, total: 1, unit: 'steps', message: `pinned ${model.label}` };
      last = { ...last, progress, model };
      heartbeat();
    },
    get last() {
      return last;
    },
    report(now, counts = last?.counts) {
      const progress = furthestProgress(last?.progress, now);
      const counted = progress.completed > now.completed ? last?.counts : counts;
      const kept = {
        ...(counted === undefined ? {} : { counts: counted }),
        ...(last?.model ? { model: last.model } : {}),
      };
      last = { progress, ...rate(progress), ...kept };
      heartbeat();
    },
    // Lines come at any time, outside of the activity's own calls.
    log: AsyncResource.bind((line: string) => {
      log.info(line.slice(0, maxLine));
    }),
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
