import type { Client, DescribeWorkflowExecutionResponse } from '@temporalio/client';
import { readHeartbeat, type JobProgress, type ModelIdentity, type RowCounts } from '../../planner/index.js';
import { decodePayloads } from '../connection/payloads.js';

/** An activity of a job that is scheduled or running now. */
export interface JobActivity {
  /** Unique within the job's run. */
  id: string;
  /** Name of the activity function. */
  type: string;
  /** 1 for the first attempt. */
  attempt: number;
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
  const { progress = null, rate, counts, model } = readHeartbeat(details) ?? {};
  const lastFailure = activity.lastFailure?.message;
  return {
    id: activity.activityId ?? '',
    type: activity.activityType?.name ?? '',
    attempt: Math.max(activity.attempt ?? 1, 1),
    progress,
    ...(rate ? { perSecond: rate.perSecond } : {}),
    ...(counts ? { counts } : {}),
    ...(model ? { model } : {}),
    ...(lastFailure ? { lastFailure } : {}),
  };
}
