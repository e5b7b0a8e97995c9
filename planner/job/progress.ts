import { z } from 'zod';
import type { RowCounts } from './row-counts.js';
import { triesSchema, type Tries } from './tries.js';
import { modelIdentitySchema, type ModelIdentity } from '../model/identity.js';
import { once } from '../shared/once.js';
import { ModelJobError } from '../shared/errors.js';
import { isBlank } from '../shared/text.js';

/** Work done so far, in `unit`s; `total` where it is known (the crate's `JobProgress`). */
export const progressSchema = once(() =>
  z.object({
    completed: z.int().nonnegative(),
    total: z.int().positive().nullish(),
    unit: z.string(),
    message: z.string().nullish(),
  }),
);

export type JobProgress = z.infer<ReturnType<typeof progressSchema>>;

/**
 * What an activity puts into its heartbeats, for people and for counts. Where an attempt goes on is on disk.
 */
export interface HeartbeatDetails {
  /** Absent until there is something to report. */
  progress?: JobProgress;
  /** Units a second of the last ten seconds, and seconds left at that rate; for people who look at the Web UI. */
  rate?: { perSecond: number; secondsLeft: number | null };
  /** Of a shard: how the rows of `progress.completed` came out. */
  counts?: RowCounts;
  /** The model that the job has pinned: the next attempt uses just that one. */
  model?: ModelIdentity;
  /** What the attempts came to so far. */
  tries?: Tries;
}

const count = z.int().nonnegative();
const heartbeatSchema = z.object({
  progress: z.exactOptional(progressSchema()),
  rate: z.exactOptional(z.object({ perSecond: z.number(), secondsLeft: z.number().nullable() })),
  counts: z.exactOptional(
    z.object({ succeeded: count, failed: count, failedByCode: z.exactOptional(z.record(z.string(), count)) }),
  ),
  model: z.exactOptional(modelIdentitySchema()),
  tries: z.exactOptional(triesSchema()),
});

/** Reads heartbeat details; undefined for anything that is not ours. */
export function readHeartbeat(details: unknown): HeartbeatDetails | undefined {
  return z.safeParse(heartbeatSchema, details).data;
}

/**
 * Refuses what the crate refuses.
 *
 * @throws ModelJobError `InvalidArgument`
 */
export function validateProgress(progress: JobProgress): void {
  if (progress.total === 0) throw new ModelJobError('InvalidArgument', 'progress total must be greater than zero');
  if (progress.total != null && progress.completed > progress.total) {
    throw new ModelJobError('InvalidArgument', 'progress completed must not exceed total');
  }
  if (isBlank(progress.unit)) throw new ModelJobError('InvalidArgument', 'progress unit must not be empty');
}

/** The later of two progresses of one piece of work: a retry that counts again never shows less than before. */
export function furthestProgress(before: JobProgress | undefined, now: JobProgress): JobProgress {
  if (before?.unit !== now.unit || before.total !== now.total) return now;
  return now.completed < before.completed ? { ...now, completed: before.completed } : now;
}
