import type { Work } from '../engine/workspace/work.js';

/** For work outside an activity: nobody watches. */
export const silentWork: Work = { signal: new AbortController().signal, report: () => undefined };
