import { TimeoutFailure, type Client, type DescribeWorkflowExecutionResponse } from '@temporalio/client';
import type { LoadedDataConverter, ProtoFailure } from '@temporalio/common';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import {
  readHeartbeat,
  type JobProgress,
  type ModelIdentity,
  type RowCounts,
  type StepRetry,
} from '../../planner/index.js';
import { decodePayloads } from '../connection/payloads.js';

/** An activity of a job that is scheduled or running now. */
export interface JobActivity {
  /** Unique within the job's run. */
  id: string;
  /** Name of the activity function. */
  type: string;
  /** The attempt that runs or comes next: 1 for the first. */
  attempt: number;
  /** The most attempts that there may be; absent where nothing bounds them. */
  maxAttempts?: number;
  /** When the next attempt begins (RFC 3339), while none runs. */
  nextAttemptAt?: string;
  /** When it is given up (RFC 3339) if its attempts bring nothing new. */
  givesUpAt?: string;
  /** The last progress that it reported, by this attempt or an earlier one. */
  progress: JobProgress | null;
  /** Units a second of late, where it reports a rate. */
  perSecond?: number;
  /** Of a shard of a batch: how the rows of its progress came out. */
  counts?: RowCounts;
  /** The model that it has pinned. */
  model?: ModelIdentity;
  /** Why the attempt before failed. */
  lastFailure?: string;
}

type PendingActivities = NonNullable<DescribeWorkflowExecutionResponse['pendingActivities']>;

/** Reads the pending activities of a description, with the progress in their heartbeats. */
export async function readActivities(client: Client, pending: PendingActivities): Promise<JobActivity[]> {
  return Promise.all(pending.map((activity) => readActivity(client, activity)));
}

async function readActivity(client: Client, activity: PendingActivities[number]): Promise<JobActivity> {
  const [details] = await decodePayloads(client.options.loadedDataConverter, activity.heartbeatDetails?.payloads);
  const { progress = null, rate, counts, model, tries } = readHeartbeat(details) ?? {};
  const attempt = Math.max(activity.attempt ?? 1, 1);
  const isWaiting = Number(activity.state) === scheduledState && attempt > 1;
  const nextAttemptAt = isWaiting ? optionalTsToDate(activity.scheduledTime)?.toISOString() : undefined;
  const givesUpAt = tries?.told && tries.failed > 0 ? new Date(tries.told.until).toISOString() : undefined;
  const { loadedDataConverter } = client.options;
  const lastFailure = activity.lastFailure ? failureText(loadedDataConverter, activity.lastFailure) : undefined;
  return {
    id: activity.activityId ?? '',
    type: activity.activityType?.name ?? '',
    attempt,
    ...(activity.maximumAttempts ? { maxAttempts: activity.maximumAttempts } : {}),
    ...(nextAttemptAt === undefined ? {} : { nextAttemptAt }),
    ...(givesUpAt === undefined ? {} : { givesUpAt }),
    progress,
    ...(rate ? { perSecond: rate.perSecond } : {}),
    ...(counts ? { counts } : {}),
    ...(model ? { model } : {}),
    ...(lastFailure ? { lastFailure } : {}),
  };
}

/** What is tried again; undefined for an activity in its first attempt. */
export function retryOfActivity(activity: JobActivity): StepRetry | undefined {
  const { type, attempt, maxAttempts, lastFailure, nextAttemptAt, givesUpAt } = activity;
  if (attempt < 2) return undefined;
  return {
    step: type,
    attempt,
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(lastFailure === undefined ? {} : { failure: lastFailure }),
    ...(nextAttemptAt === undefined ? {} : { nextAt: nextAttemptAt }),
    ...(givesUpAt === undefined ? {} : { givesUpAt }),
  };
}

/** Of the steps that are tried again, the one that was tried most often. */
export function mostTried(activities: readonly JobActivity[]): StepRetry | undefined {
  const retries = activities.flatMap((activity) => retryOfActivity(activity) ?? []);
  return retries.sort((left, right) => right.attempt - left.attempt)[0];
}

/** The state `SCHEDULED` of a pending activity: in the server's queue, or before its next attempt. */
const scheduledState = 1;

/** The failure's own words; of a worker that fell silent the server knows no more than that. */
function failureText({ payloadConverter, failureConverter }: LoadedDataConverter, failure: ProtoFailure): string {
  const error = failureConverter.failureToError(failure, payloadConverter);
  if (!(error instanceof TimeoutFailure)) return error.message;
  if (error.timeoutType === 'HEARTBEAT') return 'its worker fell silent: no heartbeat came';
  return `it ran into its ${String(error.timeoutType).toLowerCase().replaceAll('_', '-')} time-out`;
}
