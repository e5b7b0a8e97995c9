import type { Client } from '@temporalio/client';
import { isTerminal, ModelJobError, queryNames, type BatchStatus } from '../../planner/index.js';
import { queryRun } from './job-record.js';
import type { JobRun } from './job-run.js';
import { liveBatch } from './live-batch.js';

/**
 * A batch's status: from its worker with what its shards report, else what it left when it was paused or ended.
 *
 * @throws ModelJobError `InvalidArgument` for a job that is no batch, `StateUnavailable` where nothing tells
 */
export async function readBatch(client: Client, readRun: () => Promise<JobRun>): Promise<BatchStatus> {
  const run = await readRun();
  checkBatch(run, 'have shards');
  const answer = await queryRun<BatchStatus>(client, run, queryNames.batch);
  if (answer) return liveBatch(answer, (await readRun()).activities);
  if (run.batch) return isTerminal(run.status) ? { ...run.batch, phase: 'ended', running: 0 } : run.batch;
  const why = isTerminal(run.status) ? 'it ended before it counted its rows' : 'no worker answers';
  throw new ModelJobError('StateUnavailable', `nothing tells how batch \`${run.jobId}\` stands: ${why}`);
}

/** @throws ModelJobError `InvalidArgument` for a job that is no batch */
export function checkBatch({ jobId, kind }: JobRun, verb: string): void {
  if (kind === 'BatchInference') return;
  throw new ModelJobError('InvalidArgument', `job \`${jobId}\` is of kind ${kind}: only BatchInference jobs ${verb}`);
}
