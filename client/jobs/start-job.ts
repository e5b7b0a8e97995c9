import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { jobKinds, ModelJobError } from '../../planner/index.js';
import { serviceErrorOf } from '../connection/service-errors.js';
import { checkIdReuse, serverPolicy, type IdReusePolicy } from './id-reuse.js';
import { JobHandle } from './job-handle.js';
import { uiTexts, type AcceptedRequest } from './start-options.js';
import { judgeTakenId } from './taken-id.js';

export interface StartOptions {
  /**
   * Attaches to the job of this id that is running already, where it is one of the same request, instead of refusing.
   * Default: false.
   */
  join?: boolean | undefined;
  /**
   * What becomes of an id whose job has ended: `allow` runs a new job, `reject` refuses, `return` gives the job of the
   * same request that has succeeded or still runs, so that a call that is made twice computes once. Default: allow.
   */
  idReuse?: IdReusePolicy | undefined;
}

/** How often a start is tried whose id is taken and given back in between. */
const maxStarts = 10;

/**
 * Starts an accepted request, or takes the job of the same request where the caller wants that. Of clients that do so
 * at once one starts the job and the others take it.
 *
 * @throws ModelJobError `AlreadyExists`, `InvalidArgument`; NoServerError
 */
export async function startJob(
  client: Client,
  taskQueue: string,
  { request, spec: { id: jobId } }: AcceptedRequest,
  { join = false, idReuse = 'allow' }: StartOptions,
): Promise<JobHandle> {
  const policy = checkIdReuse(idReuse);
  for (let starts = 0; starts < maxStarts; starts++) {
    try {
      const { firstExecutionRunId } = await client.workflow.start(jobKinds[request.kind].workflowType, {
        workflowId: jobId,
        taskQueue,
        args: [request],
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: serverPolicy(policy, starts > 0),
        ...uiTexts(request),
      });
      return new JobHandle(client, jobId, firstExecutionRunId);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw serviceErrorOf(error, jobId);
      const taken = await judgeTakenId(client, jobId, request, { join, idReuse: policy });
      if (taken.kind === 'take') return new JobHandle(client, jobId, taken.firstRunId);
    }
  }
  throw new ModelJobError('StateUnavailable', `jobs of id \`${jobId}\` start and end faster than this one can start`);
}
