import { z } from 'zod';
import { once } from '../shared/once.js';
import { artifactRefSchema } from '../request/artifact.js';
import { jobKindSchema } from '../request/kinds.js';
import { backendSchema, modelSpecSchema } from '../request/model-spec.js';
import type { ModelAccessJobRequest } from '../request/request.js';
import { diagnosticSchema, type Diagnostic } from './diagnostic.js';
import { provenanceSchema } from './provenance.js';

/** What a job returns (the crate's `ModelAccessJobResult`). */
export const jobResultSchema = once(() =>
  z.object({
    jobId: z.string(),
    kind: jobKindSchema(),
    spec: modelSpecSchema(),
    backend: backendSchema(),
    artifacts: z.array(artifactRefSchema()),
    diagnostics: z.array(diagnosticSchema()),
    output: z.record(z.string(), z.json()).nullish(),
    /** What the artifacts come from; results of earlier versions have none. */
    provenance: provenanceSchema().nullish(),
  }),
);

export type ModelAccessJobResult = z.infer<ReturnType<typeof jobResultSchema>>;

/** What the work of a job came to; the request's own fields are added by {@link resultOf}. */
export type JobOutcome = Pick<ModelAccessJobResult, 'artifacts' | 'output' | 'provenance'> & {
  diagnostics?: Diagnostic[];
};

/** A job's result. */
export function resultOf(jobId: string, request: ModelAccessJobRequest, outcome: JobOutcome): ModelAccessJobResult {
  return {
    jobId,
    kind: request.kind,
    spec: request.spec,
    backend: request.backend,
    artifacts: outcome.artifacts,
    diagnostics: outcome.diagnostics ?? [],
    output: outcome.output,
    ...(outcome.provenance ? { provenance: outcome.provenance } : {}),
  };
}
