import { z } from 'zod';
import { once } from '../shared/once.js';

/** A remark of a job on its own result (the crate's `Diagnostic`). */
export const diagnosticSchema = once(() =>
  z.object({
    severity: z.enum(['info', 'warning', 'error']),
    code: z.string(),
    message: z.string(),
    source: z.string().nullish(),
    help: z.string().nullish(),
  }),
);

export type Diagnostic = z.infer<ReturnType<typeof diagnosticSchema>>;
