import { z } from 'zod';
import { once } from '../shared/once.js';

/** What a request chooses of its source: the files with their sizes in bytes, before any of them is fetched. */
export const modelFilesSchema = once(() =>
  z.object({
    /** The hub's commit, 40 hex digits; null for a local folder. */
    commit: z.string().nullable(),
    files: z.array(
      z.object({
        path: z.string(),
        size: z.int(),
        /** Why its bytes can't be held against a hash, where they can't. */
        unverified: z.string().optional(),
      }),
    ),
    bytes: z.int(),
  }),
);

export type ModelFiles = z.infer<ReturnType<typeof modelFilesSchema>>;
