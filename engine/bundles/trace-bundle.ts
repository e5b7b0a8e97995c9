import { traced, type BundleFacts, type ModelAccessJobRequest } from '../../planner/index.js';
import { inputVersions } from '../workspace/input-versions.js';
import type { PathGuard } from '../workspace/paths.js';
import { provenanceHere } from '../workspace/provenance.js';
import type { Work } from '../workspace/work.js';

/** A bundle's facts with what its artifacts come from. */
export async function traceBundle(
  facts: BundleFacts,
  request: ModelAccessJobRequest,
  paths: PathGuard,
  { signal }: Work,
): Promise<BundleFacts> {
  const inputs = await inputVersions(request.inputs, paths, { hashed: false, signal });
  const provenance = provenanceHere({ request, model: facts.model, ...inputs });
  return { ...facts, artifacts: traced(facts.artifacts, provenance), provenance };
}
