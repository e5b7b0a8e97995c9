import { judgeInputs, looksForInputs, type JobOutcome, type ModelAccessJobRequest } from '../planner/index.js';
import type { Job } from './job.js';
import { runActivity } from './proxies.js';

/**
 * Looks for the inputs before the work begins, where the request wants that.
 *
 * @returns the outcome of a job that skips its work; undefined where the work may begin
 * @throws ModelJobError `NotFound` for inputs that are not there
 */
export async function findInputs(job: Job, request: ModelAccessJobRequest): Promise<JobOutcome | undefined> {
  if (!looksForInputs(request)) return undefined;
  const wait = request.options?.inputWaitSeconds;
  if (wait != null) job.log(`looking for the inputs, up to ${wait} s`);
  const outcome = judgeInputs(request, await runActivity('awaitInputs', 'look for the inputs', request));
  outcome?.diagnostics?.forEach(({ message }) => job.log(message));
  return outcome;
}
