import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcCancelledError, type Client } from '@temporalio/client';
import { furthestProgress, isTerminal, type JobProgress, type JobSnapshot } from '../planner/index.js';
import type { JobActivity } from './job-activities.js';
import { readSnapshot, type SnapshotRead } from './job-record.js';
import type { JobRun } from './job-run.js';
import { createProgressKeeper, liveProgress } from './live-progress.js';

/** A job at one moment: its snapshot with the live progress in it, and what runs for it. */
export interface JobUpdate {
  snapshot: JobSnapshot;
  activities: JobActivity[];
}

export interface WatchOptions {
  /** Milliseconds between two looks at the job. Default: 250. */
  intervalMs?: number;
  /** Ends the watch, not the job. */
  signal?: AbortSignal;
}

/** After how many milliseconds a worker that did not answer is asked again, when nothing else has happened. */
const retryInterval = 5000;

/**
 * Follows a job until it has ended: an update for each change, the last one with the terminal snapshot.
 * Progress never goes backwards.
 *
 * @param readRun gives the job's current run
 */
export async function* watchJob(
  client: Client,
  readRun: () => Promise<JobRun>,
  { intervalMs = 250, signal }: WatchOptions = {},
): AsyncGenerator<JobUpdate, void, undefined> {
  const look = createLook(client, readRun);
  let shown = '';
  for (;;) {
    const update = await withSignal(client, signal, look);
    if (!update) return;
    const text = JSON.stringify(update);
    if (text !== shown) yield update;
    shown = text;
    if (isTerminal(update.snapshot.status)) return;
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Asks the server until the signal says stop: then undefined. The Temporal client never forgets a signal that it was
 * given, so each question gets one of its own.
 */
async function withSignal<T>(client: Client, signal: AbortSignal | undefined, ask: () => Promise<T>) {
  if (!signal) return ask();
  if (signal.aborted) return undefined;
  const question = new AbortController();
  const abort = (): void => question.abort();
  signal.addEventListener('abort', abort);
  try {
    return await client.withAbortSignal(question.signal, ask);
  } catch (error) {
    if (isGrpcCancelledError(error)) return undefined;
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * One look asks the server only; the worker is asked when the history has grown. The activities are read after the
 * worker's answer, so that a part which ends in between is not counted twice.
 */
function createLook(client: Client, readRun: () => Promise<JobRun>): () => Promise<JobUpdate> {
  const keepProgress = createProgressKeeper();
  let read: (SnapshotRead & { key: string; at: number }) | undefined;
  let before: JobProgress | undefined;
  return async () => {
    let run = await readRun();
    const key = keyOf(run);
    if (read?.key !== key || (!read.whole && Date.now() - read.at > retryInterval)) {
      read = { ...(await readSnapshot(client, run)), key, at: Date.now() };
      run = await readRun();
    }
    if (isTerminal(read.snapshot.status)) return { snapshot: read.snapshot, activities: [] };
    const activities = keepProgress(run.activities);
    const now = liveProgress(read.snapshot.progress, activities);
    const progress = now && furthestProgress(before, now);
    before = progress ?? before;
    return { snapshot: { ...read.snapshot, progress }, activities };
  };
}

function keyOf({ runId, historyLength, status }: JobRun): string {
  return `${runId} ${historyLength} ${status}`;
}
