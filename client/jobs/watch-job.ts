import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcCancelledError, type Client } from '@temporalio/client';
import { isTerminal, type JobSnapshot } from '../../planner/index.js';
import type { JobActivity } from '../state/job-activities.js';
import type { JobRun } from '../state/job-run.js';
import { createProgressKeeper, furthestSnapshot, liveSnapshot } from '../state/live-progress.js';
import { readLive, type LiveRead } from '../state/read-live.js';

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
  const poll = createPoller(client, readRun);
  let shown = '';
  for (;;) {
    const update = await withSignal(client, signal, poll);
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

/** One poll asks the server only; the worker is asked when the history has grown. */
function createPoller(client: Client, readRun: () => Promise<JobRun>): () => Promise<JobUpdate> {
  let keeper = { runId: '', keep: createProgressKeeper() };
  let read: LiveRead | undefined;
  let before: JobSnapshot | undefined;
  return async () => {
    const { snapshot, run } = (read = await readLive(client, readRun, read));
    if (isTerminal(snapshot.status)) return { snapshot, activities: [] };
    // A run that continues a job numbers its activities anew.
    if (keeper.runId !== run.runId) keeper = { runId: run.runId, keep: createProgressKeeper() };
    const activities = keeper.keep(run.activities);
    before = furthestSnapshot(before, liveSnapshot(snapshot, activities));
    return { snapshot: before, activities };
  };
}
