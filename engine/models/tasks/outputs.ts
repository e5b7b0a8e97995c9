import { z } from 'zod';

/** A probability. */
export const score = z.number().min(0).max(1);

/** A label and how sure the model is of it. */
export const scored = z.object({ label: z.string(), score });

/** An embedding: finite numbers, as many as the model has dimensions. */
export const vector = z.array(z.number()).min(1);
