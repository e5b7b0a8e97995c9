import { z } from 'zod';
import { provenanceSchema } from '../job/provenance.js';
import { artifactRefSchema } from '../request/artifact.js';
import { jobRequestSchema } from '../request/request.js';
import { once } from '../shared/once.js';
import { parseWith } from '../shared/parse.js';

const count = z.int().nonnegative();

/** `_SUCCESS.json`: what a batch has made, and all that makes it again. */
export const batchManifestSchema = once(() =>
  z.object({
    rows: count,
    succeeded: count,
    failed: count,
    artifacts: z.array(artifactRefSchema()),
    /** The request that makes the same again: its inputs, placeholders filled, its model pinned. Batches of old have none. */
    request: z.exactOptional(jobRequestSchema()),
    provenance: z.exactOptional(provenanceSchema()),
  }),
);

export type BatchManifest = z.infer<ReturnType<typeof batchManifestSchema>>;

/**
 * Reads a batch's `_SUCCESS.json`.
 *
 * @throws ModelJobError `InvalidArgument` with every problem by its path
 */
export function parseBatchManifest(value: unknown): BatchManifest {
  return parseWith(batchManifestSchema(), value, 'manifest');
}
