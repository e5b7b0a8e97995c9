import { z } from 'zod';
import { once } from '../shared/once.js';

const storedBundle = {
  name: z.string(),
  revision: z.string(),
  /** Null for a bundle that is not from a hub. */
  commit: z.string().nullable(),
  /** The model's digest; null for a bundle of an earlier version. */
  digest: z.string().nullable(),
  /** Absolute path of its folder. */
  path: z.string(),
  files: z.number(),
  bytes: z.number(),
  /** Whether its name leads to it: a model that was made later under that name may have taken the place. */
  current: z.boolean(),
  /** The ids of jobs that need it now, as folder names. */
  users: z.array(z.string()),
  /** When a job last used it, as RFC 3339. */
  usedAt: z.string(),
};

/** A bundle in a worker's home. */
const storedBundleSchema = once(() => z.object(storedBundle));

/** What interrupted fetches left in the hub cache, and no running one holds. */
const partialDownloadSchema = once(() =>
  z.object({
    /** `owner/name`. */
    repo: z.string(),
    /** Absolute paths. */
    paths: z.array(z.string()),
    bytes: z.number(),
    /** When it last grew, as RFC 3339. */
    changedAt: z.string(),
  }),
);

/** A job's run that a later run of the same id has followed. */
const earlierRunSchema = once(() =>
  z.object({
    /** The name of the job's folder: its id, made safe. */
    job: z.string(),
    /** Absolute. */
    path: z.string(),
    bytes: z.number(),
    /** When anything in it changed last, as RFC 3339. */
    changedAt: z.string(),
  }),
);

/** What a worker keeps on its disk. */
export const storeListingSchema = once(() =>
  z.object({
    bundles: z.array(storedBundleSchema()),
    partials: z.array(partialDownloadSchema()),
    runs: z.array(earlierRunSchema()),
  }),
);

/** What was removed, and the bytes that its files held; bytes that other names share are not free yet. */
export const storeRemovalSchema = once(() => storeListingSchema().extend({ bytes: z.number() }));

const value = z.union([z.string(), z.number()]).nullable();

/** A fault of a bundle, as `BundleProblem` in the facts. */
const problemSchema = once(() =>
  z.object({
    path: z.string(),
    problem: z.enum(['missing', 'size', 'sha256', 'modified', 'unlisted', 'source', 'commit']),
    expected: value,
    found: value,
  }),
);

/** Bundles, and what is wrong with each. */
export const verifiedBundlesSchema = once(() =>
  z.array(z.object({ ...storedBundle, valid: z.boolean(), problems: z.array(problemSchema()) })),
);

/** What `model-jobs cache` asks of the worker's store. `names` are bundle names, each with `@revision` or without. */
export const storeCommandSchema = once(() =>
  z.discriminatedUnion('action', [
    z.object({ action: z.literal('list') }),
    z.object({ action: z.literal('verify'), names: z.array(z.string()), quick: z.boolean() }),
    z.object({ action: z.literal('remove'), names: z.array(z.string()), partials: z.boolean() }),
    z.object({ action: z.literal('prune'), days: z.number().nonnegative(), dryRun: z.boolean() }),
  ]),
);

export type StoredBundle = z.infer<ReturnType<typeof storedBundleSchema>>;
export type PartialDownload = z.infer<ReturnType<typeof partialDownloadSchema>>;
export type EarlierRun = z.infer<ReturnType<typeof earlierRunSchema>>;
export type StoreListing = z.infer<ReturnType<typeof storeListingSchema>>;
export type StoreRemoval = z.infer<ReturnType<typeof storeRemovalSchema>>;
export type VerifiedBundle = z.infer<ReturnType<typeof verifiedBundlesSchema>>[number];
export type StoreCommand = z.infer<ReturnType<typeof storeCommandSchema>>;
