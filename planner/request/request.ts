import { z } from 'zod';
import { once } from '../shared/once.js';
import { checkOutputs } from './check-outputs.js';
import { checkCommandOptions } from './command-options.js';
import { checkSelection } from './check-selection.js';
import { jobInputSchema } from './input.js';
import { jobKindSchema } from './kinds.js';
import { backendSchema, modelSpecSchema } from './model-spec.js';
import { jobOptionsSchema } from './options.js';
import { parseWith } from '../shared/parse.js';

/** The request of every kind of job (the crate's `ModelAccessJobRequest`, and our `options`). */
export const jobRequestSchema = once(() =>
  z
    .object({
      /** The job's id, which is its workflow id. Default: `{kind string}-{safe name}-{revision or "local"}`. */
      id: z.string().nullish(),
      kind: jobKindSchema(),
      spec: modelSpecSchema(),
      backend: backendSchema(),
      inputs: z.array(jobInputSchema()).default([]),
      /** Put before the ids of the artifacts that the job makes. */
      outputArtifactPrefix: z.string().nullish(),
      metadata: z.record(z.string(), z.string()).default({}),
      options: jobOptionsSchema().nullish(),
    })
    .superRefine(checkOutputs)
    .superRefine(checkCommandOptions)
    .superRefine(checkSelection),
);

export type ModelAccessJobRequest = z.infer<ReturnType<typeof jobRequestSchema>>;
/** A request as a caller writes it: what has a default may be left out. */
export type ModelAccessJobRequestInput = z.input<ReturnType<typeof jobRequestSchema>>;

/**
 * Reads a request.
 *
 * @throws ModelJobError `InvalidArgument` with every problem listed by its path.
 */
export function parseModelAccessJobRequest(value: unknown): ModelAccessJobRequest {
  return parseWith(jobRequestSchema(), value, 'request');
}

/** The JSON Schema (draft 2020-12) of a request as a caller writes it. */
export function requestJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(jobRequestSchema(), { io: 'input' }) };
}
