import type { ModelAccessJobRequest, Provenance } from '../../planner/index.js';
import type { InputVersions } from '../workspace/input-versions.js';
import { provenanceHere } from '../workspace/provenance.js';
import { backendVersion } from './backend-version.js';
import type { InferenceDeps } from './deps.js';
import type { UsedModel } from './use-model.js';

/** What the outputs of a used model come from. */
export async function inferenceProvenance(
  deps: InferenceDeps,
  { request, use, inputs }: { request: ModelAccessJobRequest; use: UsedModel; inputs: InputVersions },
  signal: AbortSignal,
): Promise<Provenance> {
  const backend = await backendVersion(deps, request, use, signal);
  return provenanceHere({ request, model: use.identity, backends: [backend], ...inputs });
}
