import {
  WorkflowContinuedAsNewError,
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionStatusName,
} from '@temporalio/client';
import {
  batchMemo,
  eventsMemo,
  kindOfWorkflowType,
  ModelJobError,
  type BatchStatus,
  type JobEvent,
  type JobStatus,
  type ModelJobKind,
} from '../../planner/index.js';
import { readActivities, type JobActivity } from './job-activities.js';
import { askServer, serviceErrorOf } from '../connection/service-errors.js';

/** What the server tells of a job, without the help of a worker. */
export interface JobRun {
  jobId: string;
  runId: string;
  /** The first run of the job; the same for all runs that it continues as. */
  firstRunId: string;
  kind: ModelJobKind;
  status: JobStatus;
  /** Changes with everything that happens to the job, progress apart. */
  historyLength: number;
  startedAt: Date;
  /** Whether the job went on in another run. */
  continued: boolean;
  /** Undefined while the run is open. */
  closedAt: Date | undefined;
  /** What the run left when it ended; undefined for one that had no chance to. */
  events: readonly JobEvent[] | undefined;
  /** What a batch left when it was paused or resumed, and when it ended. */
  batch: BatchStatus | undefined;
  /** The activities that are scheduled or running now. */
  activities: JobActivity[];
}

/**
 * Reads a job's latest run, or the run given.
 *
 * @throws ModelJobError `NotFound`; `InvalidArgument` for a workflow that is no job; NoServerError
 */
export async function readRun(client: Client, jobId: string, runId?: string): Promise<JobRun> {
  const description = await askServer(jobId, () => client.workflow.getHandle(jobId, runId).describe());
  const kind = kindOfWorkflowType(description.type);
  if (!kind) {
    throw new ModelJobError('InvalidArgument', `\`${jobId}\` is a workflow of type \`${description.type}\`, not a job`);
  }
  return {
    jobId,
    runId: description.runId,
    firstRunId: firstRunId(description),
    kind,
    status: statusOf(description),
    historyLength: description.historyLength,
    continued: description.status.name === 'CONTINUED_AS_NEW',
    startedAt: description.startTime,
    closedAt: description.closeTime,
    events: description.memo?.[eventsMemo] as JobEvent[] | undefined,
    batch: description.memo?.[batchMemo] as BatchStatus | undefined,
    activities: await readActivities(client, description.raw.pendingActivities ?? []),
  };
}

/**
 * Reads the last run of the job that began with `firstRunId`, also when its id has been given to another job since.
 *
 * @throws ModelJobError as `readRun`
 */
export async function readChain(client: Client, jobId: string, firstRunId: string): Promise<JobRun> {
  const latest = await readRun(client, jobId);
  if (latest.firstRunId === firstRunId) return latest;
  let run = await readRun(client, jobId, firstRunId);
  while (run.continued) run = await readRun(client, jobId, await nextRunId(client, run));
  return run;
}

async function nextRunId(client: Client, { jobId, runId }: JobRun): Promise<string> {
  try {
    await client.workflow.result(jobId, runId, { followRuns: false });
  } catch (error) {
    if (error instanceof WorkflowContinuedAsNewError) return error.newExecutionRunId;
    throw serviceErrorOf(error, jobId);
  }
  throw new ModelJobError('StateUnavailable', `run ${runId} of job \`${jobId}\` has no next run`);
}

/** The job status of a workflow's status, as far as lists and descriptions tell. */
export const statusNames: Readonly<Record<WorkflowExecutionStatusName, JobStatus>> = {
  UNSPECIFIED: 'running',
  UNKNOWN: 'running',
  RUNNING: 'running',
  PAUSED: 'running',
  CONTINUED_AS_NEW: 'running',
  COMPLETED: 'succeeded',
  CANCELLED: 'cancelled',
  FAILED: 'failed',
  TERMINATED: 'failed',
  TIMED_OUT: 'failed',
};

function firstRunId({ runId, raw }: WorkflowExecutionDescription): string {
  return raw.workflowExecutionInfo?.firstRunId || runId;
}

/** A history of two events, the start and its scheduled task, is that of a job which no worker has taken yet. */
function statusOf(description: WorkflowExecutionDescription): JobStatus {
  const status = statusNames[description.status.name];
  if (status !== 'running') return status;
  if (description.raw.workflowExtendedInfo?.cancelRequested) return 'cancelling';
  return description.historyLength <= 2 && firstRunId(description) === description.runId ? 'queued' : 'running';
}
