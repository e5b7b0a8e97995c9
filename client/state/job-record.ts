import { WorkflowFailedError, type Client } from '@temporalio/client';
import {
  batchMessage,
  batchMetadata,
  isTerminal,
  queryNames,
  snapshotOf,
  type BatchStatus,
  type JobEvent,
  type JobSnapshot,
  type JobStatus,
} from '../../planner/index.js';
import { jobFailedErrorOf } from './job-failure.js';
import type { JobRun } from './job-run.js';
import { readJobSpec } from './job-spec.js';

/** How long a worker may take to answer a query, in milliseconds. */
const queryTimeout = 2000;

export interface SnapshotRead {
  snapshot: JobSnapshot;
  /** Whether this is all there is to know: false where an open job has no worker that answers. */
  whole: boolean;
}

/**
 * A job's state: from its worker while it runs, from what it left once it has ended, and from the server's own
 * facts where neither is there (no worker, a job that was terminated).
 */
export async function readSnapshot(client: Client, run: JobRun): Promise<SnapshotRead> {
  const answer = await queryRun<JobSnapshot>(client, run, queryNames.snapshot);
  if (answer) return { snapshot: answer, whole: true };
  const snapshot = snapshotOf(await readJobSpec(client, run), await readRecord(client, run));
  if (isTerminal(run.status)) return { snapshot, whole: true };
  return { snapshot: run.batch?.paused ? pausedSnapshot(snapshot, run.batch) : snapshot, whole: false };
}

/** A batch that is paused does nothing, so that what it left is what a worker would tell. */
function pausedSnapshot(snapshot: JobSnapshot, batch: BatchStatus): JobSnapshot {
  const progress = {
    completed: batch.done,
    total: Math.max(batch.total ?? 1, 1),
    unit: 'inputs',
    message: batchMessage('paused', batch),
  };
  return { ...snapshot, progress, metadata: { ...snapshot.metadata, ...batchMetadata(batch) } };
}

/** A job's events, from the same places as its snapshot. */
export async function readEvents(client: Client, run: JobRun): Promise<JobEvent[]> {
  return (await queryRun<JobEvent[]>(client, run, queryNames.events)) ?? (await readRecord(client, run));
}

/** Asks the worker of an open run; undefined when there is nobody to answer. */
export async function queryRun<T>(client: Client, run: JobRun, query: string): Promise<T | undefined> {
  if (isTerminal(run.status) || run.status === 'queued') return undefined;
  const handle = client.workflow.getHandle(run.jobId, run.runId);
  try {
    return await client.withDeadline(Date.now() + queryTimeout, () => handle.query<T>(query));
  } catch {
    // Whatever the reason is: the facts of the server stand in, and reading them tells of a server that is gone.
    return undefined;
  }
}

async function readRecord(client: Client, run: JobRun): Promise<JobEvent[]> {
  return run.events ? [...run.events] : await bareEvents(client, run);
}

/** The events that follow from the server's facts alone. */
async function bareEvents(client: Client, run: JobRun): Promise<JobEvent[]> {
  const { startedAt, closedAt = startedAt, status } = run;
  const events = [statusEvent(run, 1, 'queued', startedAt)];
  if (status === 'queued') return events;
  events.push(statusEvent(run, 2, 'running', startedAt));
  if (status === 'running') return events;
  const message = status === 'failed' ? await failureMessage(client, run) : null;
  return [...events, statusEvent(run, 3, status, closedAt, message)];
}

function statusEvent(
  run: JobRun,
  sequence: number,
  status: JobStatus,
  at: Date,
  message: string | null = null,
): JobEvent {
  const kind = { StatusChanged: { status, message } };
  return { job_id: run.jobId, sequence, timestamp: at.toISOString(), kind };
}

async function failureMessage(client: Client, { jobId, runId, kind }: JobRun): Promise<string | null> {
  try {
    await client.workflow.getHandle(jobId, runId).result();
    return null;
  } catch (error) {
    if (error instanceof WorkflowFailedError) return jobFailedErrorOf({ jobId, kind }, error).detail;
    throw error;
  }
}
