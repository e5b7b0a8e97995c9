import { CancellationScope, ContinueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import {
  fillPlaceholders,
  modelMetadata,
  ModelJobError,
  parseModelAccessJobRequest,
  planJob,
  resultOf,
  type JobEvent,
  type JobOutcome,
  type ModelAccessJobRequest,
  type ModelAccessJobResult,
  type ModelJobKind,
} from '../planner/index.js';
import { jobFailureOf } from './failures.js';
import { findInputs } from './find-inputs.js';
import { Job } from './job.js';
import { slotMetadata, slotMoment } from './slot.js';

/**
 * Runs one job from its request to its result, and keeps its record as the crate would.
 *
 * @param kind that the workflow runs; a request of another kind is refused
 * @param work what this kind does: activities, in the order that the reader of the workflow sees; it gets the request
 *   with the placeholders in its paths filled
 * @param events of the runs before, where a job continues as new
 */
export async function runJob(
  kind: ModelJobKind,
  input: ModelAccessJobRequest,
  work: (job: Job, request: ModelAccessJobRequest) => Promise<JobOutcome>,
  events: readonly JobEvent[] = [],
): Promise<ModelAccessJobResult> {
  const { request, job } = openJob(kind, input, events);
  try {
    const isFirstRun = events.length === 0;
    if (isFirstRun) begin(job, request);
    observeCancel(job);
    const skipped = isFirstRun ? await findInputs(job, request) : undefined;
    const outcome = skipped ?? (await work(job, request));
    if (outcome.provenance) job.trace(outcome.provenance);
    job.status('succeeded');
    job.remember();
    return resultOf(job.spec.id, request, outcome);
  } catch (error) {
    throw endedBy(error, job);
  }
}

/** Refuses a bad request as the workflow's failure, not as a failing workflow task. */
function openJob(
  kind: ModelJobKind,
  input: ModelAccessJobRequest,
  events: readonly JobEvent[],
): { request: ModelAccessJobRequest; job: Job } {
  try {
    const request = fillPlaceholders(parseModelAccessJobRequest(input), slotMoment());
    if (request.kind !== kind) {
      throw new ModelJobError('InvalidArgument', `kind: expected ${kind} for this workflow, received ${request.kind}`);
    }
    // The workflow id is the job id, whatever way the workflow was started.
    const job = new Job(planJob({ ...request, id: workflowInfo().workflowId }), events);
    return { request, job };
  } catch (error) {
    throw jobFailureOf(error).failure;
  }
}

function begin(job: Job, request: ModelAccessJobRequest): void {
  job.status('queued', null, workflowInfo().startTime);
  job.status('running');
  job.metadata(modelMetadata(request.spec, request.backend));
  job.metadata(request.metadata);
  job.metadata(slotMetadata());
}

/** The scope rejects when somebody cancels: the snapshot says so at once, the activities answer later. */
function observeCancel(job: Job): void {
  CancellationScope.current().cancelRequested.catch(() => {
    if (job.snapshot().finished_at === null) job.status('cancelling', 'cancellation requested');
  });
}

function endedBy(error: unknown, job: Job): unknown {
  if (error instanceof ContinueAsNew) return error;
  if (isCancellation(error)) {
    job.status('cancelled', 'cancelled');
    job.remember();
    return error;
  }
  const { failure, detail } = jobFailureOf(error);
  job.status('failed', detail);
  job.remember();
  return failure;
}
