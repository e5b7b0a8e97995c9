import {
  ApplicationFailure,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  WorkflowUpdateStage,
  type Client,
} from '@temporalio/client';
import { isErrorCode, isTerminal, ModelJobError, type BatchStatus, type SteeringName } from '../../planner/index.js';
import type { JobRun } from '../state/job-run.js';
import { checkBatch } from '../state/read-batch.js';
import { serviceErrorOf } from '../connection/service-errors.js';

/**
 * How long a worker may take to take an order, in milliseconds; to carry it out it may take longer. Temporal keeps the
 * tasks of a run for ten seconds for the worker that ran it last, which may be gone.
 */
const acceptTimeout = 20_000;

const verbs: Readonly<Record<SteeringName, string>> = {
  pause: 'can be paused',
  resume: 'can be resumed',
  setConcurrency: 'have a concurrency',
};

/**
 * Tells a running batch what to do, and waits until it is done.
 *
 * @throws ModelJobError `InvalidArgument` for what makes no sense, `StateUnavailable` when no worker takes the order
 */
export async function steerBatch(
  client: Client,
  run: JobRun,
  name: SteeringName,
  value?: number,
): Promise<BatchStatus> {
  const { jobId, status } = run;
  checkBatch(run, verbs[name]);
  if (isTerminal(status)) throw new ModelJobError('InvalidArgument', `batch \`${jobId}\` has ${status} already`);
  const handle = client.workflow.getHandle(jobId, undefined, { firstExecutionRunId: run.firstRunId });
  const args: [unknown] = [value];
  const waitForStage = WorkflowUpdateStage.ACCEPTED;
  try {
    const update = await client.withDeadline(Date.now() + acceptTimeout, () =>
      handle.startUpdate<BatchStatus, [unknown]>(name, { args, waitForStage }),
    );
    return await update.result();
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw refusalOf(error);
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) throw unheard(jobId, name, error);
    throw serviceErrorOf(error, jobId);
  }
}

function refusalOf(error: WorkflowUpdateFailedError): unknown {
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure) || !isErrorCode(cause.type)) return error;
  return new ModelJobError(cause.type, cause.message, { cause: error });
}

/** A signal waits on the server until a worker comes. */
function unheard(jobId: string, name: SteeringName, cause: Error): ModelJobError {
  const advice = `start one, or leave the order: temporal workflow signal --workflow-id ${jobId} --name ${name}`;
  return new ModelJobError('StateUnavailable', `no worker took the order for \`${jobId}\`: ${advice}`, { cause });
}
