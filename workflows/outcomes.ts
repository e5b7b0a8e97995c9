import type { BundleFacts, JobOutcome } from '../planner/index.js';
import { pathArtifact, type Job } from './job.js';

/** What a job that made a bundle returns. */
export function bundleOutcome(job: Job, bundle: BundleFacts): JobOutcome {
  const { artifacts, ...output } = bundle;
  job.artifact(pathArtifact('manifest', 'Model bundle manifest', bundle.manifestPath, 'model-bundle'));
  return { artifacts, output };
}
