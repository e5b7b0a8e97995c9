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
  return scheduleActivity<Awaited<ReturnType<Activities[Name]>>>(name, args, {
    ...(profileOf[name] ?? profiles.work),
    summary,
  });
}
