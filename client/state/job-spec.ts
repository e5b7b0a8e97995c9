import type { Client } from '@temporalio/client';
import { jobKinds, ModelJobError, parseModelAccessJobRequest, planJob, type JobSpec } from '../../planner/index.js';
import type { JobRun } from './job-run.js';
import { decodePayloads } from '../connection/payloads.js';
import { askServer } from '../connection/service-errors.js';

/** The spec of a job, planned again from the request in the first event of its run's history. */
export async function readJobSpec(client: Client, run: JobRun): Promise<JobSpec> {
  const request = await readRequest(client, run);
  try {
    return planJob(parseModelAccessJobRequest({ ...asObject(request), id: run.jobId }));
  } catch (error) {
    if (error instanceof ModelJobError) return unplannedSpec(run);
    throw error;
  }
}

/** The request in the first event of a run, as it came. */
export async function readRequest(client: Client, { jobId, runId }: Pick<JobRun, 'jobId' | 'runId'>): Promise<unknown> {
  const history = await askServer(jobId, () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: jobId, runId },
      maximumPageSize: 1,
    }),
  );
  const input = history.history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input;
  const [request] = await decodePayloads(client.options.loadedDataConverter, input?.payloads);
  return request;
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** The spec of a job whose request was refused by its workflow: somebody started it without this client. */
function unplannedSpec({ jobId, kind }: JobRun): JobSpec {
  const { kindString } = jobKinds[kind];
  return { id: jobId, name: kindString, kind: kindString, metadata: {} };
}
