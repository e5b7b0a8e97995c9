import type { Reporter } from '../activities/reporter.js';

/** For work outside an activity: nobody watches. */
export const silentReporter: Reporter = {
  signal: new AbortController().signal,
  attempt: 1,
  lastAttempt: true,
  jobId: 'bench',
  resume: undefined,
  report: () => undefined,
  beat: () => undefined,
};
