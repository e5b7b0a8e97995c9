import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { JobRun } from '../state/job-run.js';
import { askServer } from '../connection/service-errors.js';

/**
 * Asks the server to cancel a job. The Temporal client's own `cancel` has no room for a reason.
 *
 * @throws ModelJobError `NotFound` for a job that has ended; NoServerError
 */
export async function requestCancel(client: Client, { jobId, firstRunId }: JobRun, reason?: string): Promise<void> {
  const { namespace, identity } = client.options;
  await askServer(jobId, () =>
    client.workflowService.requestCancelWorkflowExecution({
      namespace,
      identity,
      requestId: randomUUID(),
      workflowExecution: { workflowId: jobId },
      firstExecutionRunId: firstRunId,
      ...(reason !== undefined && { reason }),
    }),
  );
}
