import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import {
  fillPlaceholders,
  isTerminal,
  ModelJobError,
  parseModelAccessJobRequest,
  timeZoneMemo,
  type ModelAccessJobRequest,
  type ModelJobInput,
  type Moment,
} from '../../planner/index.js';
import { readRequest } from '../state/job-spec.js';
import { readRun } from '../state/job-run.js';
import { checkBatch } from '../state/read-batch.js';
import { askServer } from '../connection/service-errors.js';

/** How the rows of a batch are run again. */
export interface RetryOptions {
  /**
   * Rows that take the places of failed ones: by `custom_id`, or by `index` where there is none. Default: the inputs'
   * own, which may have been mended in place.
   */
  mended?: readonly ModelJobInput[];
}

/**
 * The request that runs the rows of a batch again which have not succeeded.
 *
 * @throws ModelJobError `InvalidArgument` for a job that is no batch, has not ended or has nothing to retry;
 *   `AlreadyExists` when its rows have been run again; `NotFound`
 */
export async function planRetry(
  client: Client,
  jobId: string,
  { mended }: RetryOptions = {},
): Promise<ModelAccessJobRequest> {
  const run = await readRun(client, jobId);
  checkBatch(run, 'can be retried');
  if (!isTerminal(run.status))
    throw refusal(`batch \`${jobId}\` is ${run.status}: only one that has ended can be retried`);
  if (run.status === 'succeeded' && run.batch?.failed === 0) throw refusal(`batch \`${jobId}\` has no failed rows`);
  const id = retryIdOf(jobId);
  await refuseSecondRetry(client, jobId, id);
  const first = { jobId, runId: run.firstRunId };
  const request = parseModelAccessJobRequest(await readRequest(client, first));
  // A batch of a schedule wrote where its time said.
  const { options, ...filled } = fillPlaceholders(request, await momentOf(client, first));
  const retryOf = mended ? { ...first, mended: [...mended] } : first;
  // The batch has looked for its inputs: they may be gone where mended rows take all of their places.
  const looked = { onMissingInput: null, inputWaitSeconds: null };
  return { ...filled, id, options: { ...options, ...looked, batch: { ...options?.batch, retryOf } } };
}

/** `job-retry-1` for `job`, `job-retry-2` for `job-retry-1`. */
export function retryIdOf(jobId: string): string {
  const [, root = jobId, number = '0'] = /^(.+)-retry-(\d{1,6})$/.exec(jobId) ?? [];
  return `${root}-retry-${Number(number) + 1}`;
}

async function refuseSecondRetry(client: Client, jobId: string, id: string): Promise<void> {
  const retry = await readRun(client, id).catch((error: unknown) => {
    if (error instanceof ModelJobError && error.code === 'NotFound') return undefined;
    throw error;
  });
  if (retry?.status !== 'succeeded') return;
  const detail = `job \`${id}\` has run the failed rows of \`${jobId}\`: retry that one`;
  throw new ModelJobError('AlreadyExists', detail, { details: { jobId: id } });
}

const scheduledTime = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

interface Run {
  jobId: string;
  runId: string;
}

/** What the placeholders of a job stood for, as its workflow took it (`workflows/slot.ts`). */
async function momentOf(client: Client, { jobId, runId }: Run): Promise<Moment> {
  const description = await askServer(jobId, () => client.workflow.getHandle(jobId, runId).describe());
  const timeZone = description.memo?.[timeZoneMemo];
  return {
    time: description.typedSearchAttributes.get(scheduledTime) ?? description.startTime,
    timeZone: typeof timeZone === 'string' ? timeZone : 'UTC',
  };
}

function refusal(detail: string): ModelJobError {
  return new ModelJobError('InvalidArgument', detail);
}
