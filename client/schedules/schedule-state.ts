import type {
  ScheduleDescription,
  ScheduleSummary as TemporalSummary,
  WorkflowExecutionStatusName,
} from '@temporalio/client';
import { kindOfWorkflowType, type JobSchedule, type JobStatus, type ModelJobKind } from '../../planner/index.js';
import { statusNames } from '../state/job-run.js';
import { scheduleOf, timesOf } from './described-schedule.js';

/** A job that a schedule started. Times are RFC 3339. */
export interface ScheduledJob {
  jobId: string;
  /** When the schedule meant it to start, jitter added; its slot stands in the job's id. */
  scheduledAt: string;
  startedAt: string;
  /** May lag behind by a moment. */
  status: JobStatus;
}

/** A schedule, and what it has done. Times are RFC 3339. */
export interface ScheduleState {
  scheduleId: string;
  schedule: JobSchedule;
  /** The next starts, jitter added; none for a schedule that will not run any more. */
  nextTimes: string[];
  /** Ids of the jobs that run now. */
  running: string[];
  /** The last ten jobs, the latest first. */
  recent: ScheduledJob[];
  /** Jobs started; slots that were left out because an earlier job ran; slots that the server was too late for. */
  counts: { started: number; skippedOverlap: number; missedCatchup: number };
  createdAt: string;
  updatedAt: string | null;
}

/** A schedule in a list, which may lag behind by a moment. Times are RFC 3339. */
export interface ScheduleSummary {
  scheduleId: string;
  kind: ModelJobKind;
  paused: boolean;
  note: string;
  times: ReturnType<typeof timesOf>;
  nextTime: string | null;
  /** The id of the latest job. */
  lastJobId: string | null;
}

/**
 * What the server says of a schedule.
 *
 * @throws ModelJobError `InvalidArgument` for a schedule that starts no job
 */
export function stateOf(description: ScheduleDescription): ScheduleState {
  const { info } = description;
  return {
    scheduleId: description.scheduleId,
    schedule: scheduleOf(description),
    nextTimes: info.nextActionTimes.map((time) => time.toISOString()),
    running: info.runningActions.map(({ workflow }) => workflow.workflowId),
    recent: recentOf(description).reverse(),
    counts: {
      started: info.numActionsTaken,
      skippedOverlap: info.numActionsSkippedOverlap,
      missedCatchup: info.numActionsMissedCatchupWindow,
    },
    createdAt: info.createdAt.toISOString(),
    updatedAt: info.lastUpdatedAt?.toISOString() ?? null,
  };
}

/** Undefined for a schedule that starts no job. */
export function summaryOf({ scheduleId, action, state, spec, info }: TemporalSummary): ScheduleSummary | undefined {
  const kind = action && kindOfWorkflowType(action.workflowType);
  if (!kind) return undefined;
  return {
    scheduleId,
    kind,
    paused: state.paused,
    note: state.note ?? '',
    times: timesOf(spec ?? {}),
    nextTime: info.nextActionTimes[0]?.toISOString() ?? null,
    lastJobId: info.recentActions.at(-1)?.action.workflow.workflowId ?? null,
  };
}

/** The status is not among what the SDK decodes. */
function recentOf({ info, raw }: ScheduleDescription): ScheduledJob[] {
  return info.recentActions.map(({ action, scheduledAt, takenAt }, index) => ({
    jobId: action.workflow.workflowId,
    scheduledAt: scheduledAt.toISOString(),
    startedAt: takenAt.toISOString(),
    status: statusOf(raw.info?.recentActions?.[index]?.startWorkflowStatus),
  }));
}

/** By the number of Temporal's `WorkflowExecutionStatus`. */
const statusesByCode: readonly WorkflowExecutionStatusName[] = [
  'UNSPECIFIED',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TERMINATED',
  'CONTINUED_AS_NEW',
  'TIMED_OUT',
  'PAUSED',
];

function statusOf(code: number | null | undefined): JobStatus {
  return statusNames[statusesByCode[code ?? 0] ?? 'UNKNOWN'];
}
