import type { BundleProblem } from '../job/facts.js';

/** A bundle in a worker's home. */
export interface StoredBundle {
  name: string;
  revision: string;
  /** Null for a bundle that is not from a hub. */
  commit: string | null;
  /** The model's digest; null for a bundle of an earlier version. */
  digest: string | null;
  /** Absolute path of its folder. */
  path: string;
  files: number;
  bytes: number;
  /** Whether its name leads to it: a model that was made later under that name may have taken the place. */
  current: boolean;
  /** The ids of jobs that need it now, as folder names. */
  users: string[];
  /** When a job last used it, as RFC 3339. */
  usedAt: string;
}

/** What interrupted fetches left in the hub cache, and no running one holds. */
export interface PartialDownload {
  /** `owner/name`. */
  repo: string;
  /** Absolute paths. */
  paths: string[];
  bytes: number;
  /** When it last grew, as RFC 3339. */
  changedAt: string;
}

/** What a worker keeps on its disk. */
export interface StoreListing {
  bundles: StoredBundle[];
  partials: PartialDownload[];
}

/** A bundle and what is wrong with it. */
export interface VerifiedBundle extends StoredBundle {
  valid: boolean;
  problems: BundleProblem[];
}

/** What was removed, and the bytes that its files held; bytes that other names share are not free yet. */
export interface StoreRemoval extends StoreListing {
  bytes: number;
}

/** What `model-jobs cache` asks of the worker's store. `names` are bundle names, each with `@revision` or without. */
export type StoreCommand =
  | { action: 'list' }
  | { action: 'verify'; names: string[]; quick: boolean }
  | { action: 'remove'; names: string[]; partials: boolean };
