import type { FallbackFacts } from '../job/fallback.js';
import type { ModelIdentity } from '../model/identity.js';
import type { ModelAccessJobRequest } from '../request/request.js';

/**
 * The request that makes the same outputs again, wherever it runs: of the commit that ran, or of what stood in for the
 * model; of a retry all rows. Rows that were mended apart are in no input: their retry stays one.
 */
export function repeatableRequest(
  request: ModelAccessJobRequest,
  model: ModelIdentity | null | undefined,
  fallback?: FallbackFacts,
): ModelAccessJobRequest {
  const whole = wholeBatch(request);
  if (fallback) return { ...whole, backend: fallback.used, options: { ...whole.options, fallback: null } };
  const { spec } = whole;
  if (spec.source.kind !== 'hugging_face' || model?.commit == null) return whole;
  return { ...whole, spec: { ...spec, source: { ...spec.source, revision: model.commit } } };
}

function wholeBatch(request: ModelAccessJobRequest): ModelAccessJobRequest {
  const { options } = request;
  const { retryOf, ...batch } = options?.batch ?? {};
  return retryOf && !retryOf.mended ? { ...request, options: { ...options, batch } } : request;
}
