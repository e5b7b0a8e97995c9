import { fallbackDiagnostic, type BundleFacts, type FallbackFacts, type JobOutcome } from '../planner/index.js';
import { pathArtifact, type Job } from './job.js';

/** What a job that made a bundle returns. */
export function bundleOutcome(job: Job, bundle: BundleFacts): JobOutcome {
  const { artifacts, provenance, ...output } = bundle;
  job.artifact(pathArtifact('manifest', 'Model bundle manifest', bundle.manifestPath, 'model-bundle'));
  return { artifacts, output, provenance };
}

/** What a job on a model returns: it says so where something else stood in for the model. */
export function modelOutcome(outcome: JobOutcome, fallback: FallbackFacts | undefined): JobOutcome {
  if (!fallback) return outcome;
  return {
    ...outcome,
    output: { ...outcome.output, fallback: { ...fallback } },
    diagnostics: [fallbackDiagnostic(fallback), ...(outcome.diagnostics ?? [])],
  };
}
