import { type JobArtifact, type JobProgress } from '../../planner/index.js';
import type { JobRun } from './job-run.js';

/** How far a batch came that has no result, and what it left. */
export interface Reached {
  progress: JobProgress;
  artifacts: JobArtifact[];
}

/** Reads from a batch's record how far it came; undefined for other jobs, and for one that did not come to count. */
export function reachedBy(run: JobRun | undefined): Reached | undefined {
  if (run?.kind !== 'BatchInference' || !run.events) return undefined;
  const progress = run.events.flatMap(({ kind }) => ('Progress' in kind ? [kind.Progress] : [])).at(-1);
  const artifacts = run.events.flatMap(({ kind }) => ('Artifact' in kind ? [kind.Artifact] : []));
  return progress && { progress, artifacts };
}
