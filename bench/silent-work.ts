import type { JobWork } from '../engine/workspace/work.js';

/** For work outside an activity: nobody watches. */
export const silentWork: JobWork = {
  signal: new AbortController().signal,
  report: () => undefined,
  jobId: 'bench',
  runId: 'bench',
  pinned: undefined,
  pin: () => undefined,
  isLastAttempt: () => true,
  log: () => undefined,
};
