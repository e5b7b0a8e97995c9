import type { Client } from '@temporalio/client';
import { readSnapshot, type SnapshotRead } from './job-record.js';
import type { JobRun } from './job-run.js';

/** A snapshot, and which moment of the job it shows. */
export interface LiveRead extends SnapshotRead {
  /** The job as it was just after, with the activities that run. */
  run: JobRun;
  key: string;
  /** When it was read, in milliseconds. */
  at: number;
}

/** After how many milliseconds a worker that did not answer is asked again, when nothing else has happened. */
const retryInterval = 5000;

/** How often a job is read again that moves on while it is read. */
const maxReads = 3;

/**
 * Reads a job so that its snapshot and its activities belong together: a part that ends between the two readings would
 * be missing in both, or counted twice. The worker is asked only when the history has grown.
 *
 * @param known what was read before
 */
export async function readLive(client: Client, readRun: () => Promise<JobRun>, known?: LiveRead): Promise<LiveRead> {
  let run = await readRun();
  if (known && !isStale(known, run)) return { ...known, run };
  for (let reads = 1; ; reads++) {
    const key = keyOf(run);
    const read = await readSnapshot(client, run);
    run = await readRun();
    if (key === keyOf(run) || reads === maxReads) return { ...read, run, key, at: Date.now() };
  }
}

function isStale({ key, whole, at }: LiveRead, run: JobRun): boolean {
  return key !== keyOf(run) || (!whole && Date.now() - at > retryInterval);
}

function keyOf({ runId, historyLength, status }: JobRun): string {
  return `${runId} ${historyLength} ${status}`;
}
