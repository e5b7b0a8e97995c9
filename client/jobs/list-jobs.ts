import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import {
  batchMemo,
  isTerminal,
  jobKinds,
  kindOfWorkflowType,
  ModelJobError,
  type BatchStatus,
  type JobStatus,
  type ModelJobKind,
  type StepRetry,
} from '../../planner/index.js';
import { mostTried } from '../state/job-activities.js';
import { readRun, statusNames } from '../state/job-run.js';
import { askServer } from '../connection/service-errors.js';

/** The statuses that a list tells apart: a job that waits or is being cancelled counts as running. */
export const listedStatuses = ['running', 'succeeded', 'failed', 'cancelled'] as const;

export type ListedStatus = (typeof listedStatuses)[number];

export interface JobFilter {
  status?: ListedStatus | undefined;
  kind?: ModelJobKind | undefined;
  /** Only jobs that the schedule of this id has started. */
  schedule?: string | undefined;
  /** At most so many jobs, the latest first. Default: all. */
  limit?: number | undefined;
  /** Whether jobs that run tell which step they try again: one question more to the server for each. Default: false. */
  retries?: boolean | undefined;
}

/** A job in a list. Times are RFC 3339. */
export interface JobSummary {
  jobId: string;
  runId: string;
  kind: ModelJobKind;
  status: JobStatus;
  /** Whether it is a batch that its operators have paused; its status is then `running`. */
  paused: boolean;
  startedAt: string;
  finishedAt: string | null;
  /** The step that is tried again, where that was asked for. */
  retry?: StepRetry;
}

/**
 * The jobs that the server knows, the latest first. The server's list may lag behind by a moment.
 *
 * @throws ModelJobError `InvalidArgument` for a limit that is not a whole number above zero; NoServerError
 */
export async function* listJobs(client: Client, filter: JobFilter = {}): AsyncGenerator<JobSummary, void, undefined> {
  const { limit = Infinity } = filter;
  if (limit !== Infinity && !(Number.isInteger(limit) && limit > 0)) {
    throw new ModelJobError('InvalidArgument', `limit must be a whole number above zero, received ${limit}`);
  }
  const workflows = client.workflow.list({ query: listQuery(filter), pageSize: Math.min(limit, 200) });
  const iterator = workflows[Symbol.asyncIterator]();
  for (let left = limit; left > 0; left--) {
    const next = await askServer('', () => iterator.next());
    if (next.done) return;
    const summary = summaryOf(next.value);
    if (summary) yield filter.retries ? await withRetry(client, summary) : summary;
  }
}

/** A job that has ended since is listed as it was. */
async function withRetry(client: Client, summary: JobSummary): Promise<JobSummary> {
  if (isTerminal(summary.status)) return summary;
  const run = await readRun(client, summary.jobId, summary.runId);
  const retry = mostTried(run.activities);
  return retry ? { ...summary, retry } : summary;
}

function summaryOf(info: WorkflowExecutionInfo): JobSummary | undefined {
  const kind = kindOfWorkflowType(info.type);
  const status = statusNames[info.status.name];
  return (
    kind && {
      jobId: info.workflowId,
      runId: info.runId,
      kind,
      status,
      paused: status === 'running' && (info.memo?.[batchMemo] as BatchStatus | undefined)?.paused === true,
      startedAt: info.startTime.toISOString(),
      finishedAt: isTerminal(status) ? (info.closeTime?.toISOString() ?? null) : null,
    }
  );
}

const executionStatuses: Readonly<Record<ListedStatus, readonly string[]>> = {
  running: ['Running'],
  succeeded: ['Completed'],
  failed: ['Failed', 'Terminated', 'TimedOut'],
  cancelled: ['Canceled'],
};

const kindNames = Object.keys(jobKinds) as ModelJobKind[];

/** The visibility query of a filter. Runs that continued as new are left out: their job goes on in a later run. */
export function listQuery({ status, kind, schedule }: JobFilter): string {
  const kinds = kind ? [kind] : kindNames;
  const types = kinds.map((name) => `'${jobKinds[name].workflowType}'`).join(', ');
  const statuses = status
    ? `ExecutionStatus IN (${executionStatuses[status].map((name) => `'${name}'`).join(', ')})`
    : `ExecutionStatus != 'ContinuedAsNew'`;
  const origin = schedule === undefined ? '' : ` AND TemporalScheduledById = ${quoted(schedule)}`;
  return `WorkflowType IN (${types}) AND ${statuses}${origin}`;
}

/** A text as a value of a visibility query. */
function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
