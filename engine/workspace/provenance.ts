import { canonicalRequest, provenanceOf, type Provenance, type ProvenanceFacts } from '../../planner/index.js';
import { packageVersion } from '../../system/files/package-version.js';
import { sha256OfText } from '../../system/hashing/sha256-of-text.js';

/** What ran, and over what; this product and the request's digest are added. */
export type Traces = Omit<ProvenanceFacts, 'product' | 'requestDigest'>;

/** The provenance of what this worker has made. */
export function provenanceHere(traces: Traces): Provenance {
  return provenanceOf({
    ...traces,
    product: ownVersion(),
    requestDigest: sha256OfText(canonicalRequest(traces.request)),
  });
}

/** This product, by its package. */
export function ownVersion(): Provenance['product'] {
  return { name: 'model-jobs', version: packageVersion('model-jobs') ?? null };
}
