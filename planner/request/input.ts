import { z } from 'zod';
import { once } from '../shared/once.js';
import { artifactRefSchema } from './artifact.js';

/** One input of a job: a JSON value, an artifact of an earlier job, or a path on the worker's disk. */
export const jobInputSchema = once(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('json'), value: z.json() }),
    z.object({ kind: z.literal('artifact'), value: artifactRefSchema() }),
    z.object({ kind: z.literal('localPath'), value: z.string() }),
  ]),
);

export type ModelJobInput = z.infer<ReturnType<typeof jobInputSchema>>;
