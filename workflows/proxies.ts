import { scheduleActivity, type ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { profiles } from './profiles.js';

/** Each activity's profile: the only place where activities get their options. */
const profileOf: Readonly<Record<keyof Activities, ActivityOptions>> = {
  awaitInputs: profiles.wait,
  downloadModel: profiles.transfer,
  materializeBundle: profiles.transfer,
  validateBundle: profiles.compute,
  warmRuntime: profiles.compute,
  runInference: profiles.compute,
  planShards: profiles.compute,
  runShard: profiles.compute,
  assembleBatch: profiles.compute,
  listDone: profiles.closing,
  runCommand: profiles.command,
};

/**
 * Runs an activity by its profile.
 *
 * @param summary one line for the Web UI
 */
export function runActivity<Name extends keyof Activities>(
  name: Name,
  summary: string,
  ...args: Parameters<Activities[Name]>
): Promise<Awaited<ReturnType<Activities[Name]>>> {
  return scheduleActivity<Awaited<ReturnType<Activities[Name]>>>(name, args, { ...profileOf[name], summary });
}
