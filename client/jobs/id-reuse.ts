import type { WorkflowOptions } from '@temporalio/client';
import { ModelJobError } from '../../planner/index.js';

/** What may become of an id whose job has ended. */
export const idReusePolicies = ['allow', 'reject', 'return'] as const;

/**
 * `allow` runs a new job; `reject` refuses; `return` gives the job that was: its result, where it has succeeded, and
 * what it comes to, where it still runs. One that has failed or was cancelled has nothing to give and runs again.
 */
export type IdReusePolicy = (typeof idReusePolicies)[number];

/**
 * The policy by its name.
 *
 * @throws ModelJobError `InvalidArgument`
 */
export function checkIdReuse(value: string): IdReusePolicy {
  const policy = idReusePolicies.find((name) => name === value);
  if (policy) return policy;
  const expected = idReusePolicies.map((name) => JSON.stringify(name)).join(', ');
  throw new ModelJobError('InvalidArgument', `idReuse: expected one of ${expected}, received ${JSON.stringify(value)}`);
}

/**
 * What the server may do by itself, so that of two clients at once one starts and the other hears of it.
 *
 * @param mayRepeat whether the job of this id is known to be one without a result
 */
export function serverPolicy(policy: IdReusePolicy, mayRepeat: boolean): WorkflowOptions['workflowIdReusePolicy'] {
  if (policy === 'allow') return 'ALLOW_DUPLICATE';
  return policy === 'return' && mayRepeat ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'REJECT_DUPLICATE';
}
