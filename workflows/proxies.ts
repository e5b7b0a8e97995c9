import { scheduleActivity, type ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { profiles } from './profiles.js';

/** The profiles of activities that are no long work: the only place where activities get their options. */
const profileOf: Readonly<Partial<Record<keyof Activities, ActivityOptions>>> = {
  awaitInputs: profiles.wait,
  listDone: profiles.closing,
  runCommand: profiles.command,
};

/**
 * Runs an activity by its profile, which is `work` where no other is named.
 *
 * @param summary one line for the Web UI
 */
export function runActivity<Name extends keyof Activities>(
  name: Name,
  summary: string,
  ...args: Parameters<Activities[Name]>
): Promise<Awaited<ReturnType<Activities[Name]>>> {
  return schedule(name, args, { ...(profileOf[name] ?? profiles.work), summary });
}

/** The same for an activity that the request lets run a number of times, and no more. */
export function runActivityUpTo<Name extends keyof Activities>(
  attempts: number | null | undefined,
  name: Name,
  summary: string,
  ...args: Parameters<Activities[Name]>
): Promise<Awaited<ReturnType<Activities[Name]>>> {
  const profile = profileOf[name] ?? profiles.work;
  const retry = { ...profile.retry, ...(attempts == null ? {} : { maximumAttempts: attempts }) };
  return schedule(name, args, { ...profile, retry, summary });
}

function schedule<Name extends keyof Activities>(
  name: Name,
  args: Parameters<Activities[Name]>,
  options: ActivityOptions,
): Promise<Awaited<ReturnType<Activities[Name]>>> {
  return scheduleActivity<Awaited<ReturnType<Activities[Name]>>>(name, args, options);
}
