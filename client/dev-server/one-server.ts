import { setTimeout as sleep } from 'node:timers/promises';
import { ModelJobError } from '../../planner/index.js';
import { readRunningDev } from './dev-record.js';
import { isAlive, signalTree } from '../../system/processes/process-tree.js';

const endMs = 10_000;
const pollMs = 50;

/**
 * Two servers on one data file would spoil it.
 *
 * @throws ModelJobError `AlreadyExists` when a dev server runs on this home and its owner lives
 */
export async function refuseSecondServer(home: string): Promise<void> {
  const running = await readRunningDev(home);
  if (!running || !isAlive(running.ownerPid)) return;
  const { address, uiUrl, pid, ownerPid } = running;
  const detail =
    `a dev server runs on ${home} already: ${address}, Web UI ${uiUrl}, pid ${pid}, started by pid ${ownerPid}. ` +
    'Use that one, stop it first, or set MODEL_JOBS_HOME to another folder.';
  throw new ModelJobError('AlreadyExists', detail, { details: { ...running } });
}

/**
 * Ends a server that a killed owner left on this home, so that the next one finds the data file free.
 *
 * @throws ModelJobError `StateUnavailable` when it does not end
 */
export async function endOrphan(home: string, report: (message: string) => void): Promise<void> {
  const orphan = await readRunningDev(home);
  if (!orphan) return;
  report(`ending the dev server ${orphan.pid} that the killed process ${orphan.ownerPid} left at ${orphan.address}`);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    signalTree(orphan.pid, signal);
    if (await endsInTime(home)) return;
  }
  throw new ModelJobError('StateUnavailable', `the dev server ${orphan.pid} on ${home} can't be ended: end it by hand`);
}

async function endsInTime(home: string): Promise<boolean> {
  const deadline = Date.now() + endMs;
  while (Date.now() < deadline) {
    if (!(await readRunningDev(home))) return true;
    await sleep(pollMs);
  }
  return false;
}
