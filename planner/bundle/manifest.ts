import { z } from 'zod';
import { once } from '../shared/once.js';
import { modelTaskSchema } from '../request/model-spec.js';

/** Lowercase hex SHA-256. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** One file of a bundle. `local_path` is relative to the bundle root; the last five are ours. */
export const manifestFileSchema = once(() =>
  z.object({
    remote_path: z.string(),
    local_path: z.string(),
    size_bytes: z.int().nonnegative(),
    sha256: sha256.optional(),
    etag: z.string().optional(),
    /** The commit that the file is of. */
    commit: z.string().optional(),
    /** Why the bytes could not be held against a hash of their source's, where they could not. */
    unverified: z.string().optional(),
    /** When the file was last changed, in whole milliseconds since 1970, as far as we know. */
    mtime_ms: z.int().optional(),
  }),
);

/**
 * `manifest.json` of a bundle, schema version 1: the crate's `ModelBundleManifest`, with `commit`, `digest`, `asked`, `selections` and
 * each file's `sha256`, `etag`, `commit`, `unverified` and `mtime_ms` beside. It is written last, so that its presence means a whole bundle.
 */
export const manifestSchema = once(() =>
  z.object({
    schema_version: z.literal(1),
    name: z.string(),
    repo_id: z.string(),
    revision: z.string(),
    task: modelTaskSchema(),
    files: z.record(z.string(), manifestFileSchema()),
    commit: z.string().optional(),
    /** The model's digest; absent in bundles of earlier versions, which were not immutable. */
    digest: z.exactOptional(sha256),
    /** The paths of which it is known whether the commit has them. */
    asked: z.exactOptional(z.array(z.string())),
    /** The files that each selection by patterns chose, by its key. */
    selections: z.exactOptional(z.record(z.string(), z.array(z.string()))),
  }),
);

export type BundleManifestFile = z.infer<ReturnType<typeof manifestFileSchema>>;
export type BundleManifest = z.infer<ReturnType<typeof manifestSchema>>;
