import { addSample, rateOf, readBatchMetadata, type JobProgress, type RateSample } from '../../../planner/index.js';
import { retryText } from '../render/retry.js';
import { clip, oneLine } from '../render/text.js';
import type { JobUpdate } from '../../jobs/watch-job.js';
import { retryOfActivity, type JobActivity } from '../../state/job-activities.js';

/** What there is to show of an update. */
export interface ProgressText {
  /** What the job is doing, in a few words. */
  doing: string;
  progress: JobProgress | null;
  /** Units a second, once there is enough to tell. */
  rate: number | undefined;
  /** Retries that were not there before. */
  retries: string[];
}

/** Reads a job's updates one after the other: measures the rate, and tells each retry once. */
export function createProgressReader(): (update: JobUpdate, now: number) => ProgressText {
  const rateOfProgress = createRateMeter();
  let known = new Set<string>();
  return (update, now) => {
    const all = update.activities.filter(({ attempt }) => attempt > 1);
    const retries = all.filter((activity) => !known.has(attemptKey(activity)));
    known = new Set(all.map(attemptKey));
    const progress = hasProgress(update) ? update.snapshot.progress : null;
    const rate = progress && !isPaused(update) ? rateOfProgress(progress, now) : undefined;
    const texts = retries.flatMap((activity) => retryOfActivity(activity) ?? []).map((retry) => retryText(retry, now));
    return { doing: doingText(update), progress, rate, retries: texts };
  };
}

function attemptKey({ id, attempt }: JobActivity): string {
  return `${id} ${attempt}`;
}

/** A new unit or total begins a new measurement. */
function createRateMeter(): (progress: JobProgress, now: number) => number | undefined {
  let samples: RateSample[] = [];
  let work = '';
  return (progress, now) => {
    const thisWork = `${progress.unit} ${progress.total ?? ''}`;
    if (thisWork !== work) samples = [];
    work = thisWork;
    samples = addSample(samples, { at: now, completed: progress.completed });
    return rateOf(samples, now);
  };
}

function hasProgress({ snapshot }: JobUpdate): boolean {
  return snapshot.status === 'running';
}

function isPaused({ snapshot }: JobUpdate): boolean {
  return readBatchMetadata(snapshot.metadata)?.phase === 'paused';
}

/** The message of the progress, else the last line of the log, else the status. */
function doingText({ snapshot }: JobUpdate): string {
  const { status, progress, logs } = snapshot;
  if (status === 'queued') return 'queued: no worker has taken it yet';
  if (status === 'cancelling') return 'cancelling';
  return clip(oneLine(progress?.message ?? logs.at(-1)?.message ?? status), 80);
}
