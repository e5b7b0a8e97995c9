import { proxyActivities } from '@temporalio/workflow';

/** A workflow that does nothing: what a server and a worker take for any. */
export function empty(): Promise<void> {
  return Promise.resolve();
}

/** A workflow of one activity that does nothing. */
export function oneActivity(): Promise<void> {
  return proxyActivities<{ nothing: () => Promise<void> }>({ startToCloseTimeout: '1 minute' }).nothing();
}
