import type { RowCounts } from '../job/row-counts.js';

/** Where a batch stands. `pausing` and `stopping` wait for shards that still run. */
export type BatchPhase = 'planning' | 'running' | 'pausing' | 'paused' | 'assembling' | 'stopping' | 'ended';

/** A batch at one moment: the answer of its `batch` query and of its steering updates. */
export interface BatchStatus extends RowCounts {
  phase: BatchPhase;
  /** Whether the operators want it paused. */
  paused: boolean;
  /** Rows that are done: `succeeded` and `failed` together. */
  done: number;
  /** Rows of the data set; null until they are counted. */
  total: number | null;
  /** Rows a second of late, and seconds left at that rate; null while there is nothing to tell them from. */
  perSecond: number | null;
  secondsLeft: number | null;
  /** Shards that may run at once, and those that do. */
  concurrency: number;
  running: number;
  shards: { done: number; total: number | null };
}

/** Shards that run at once, where the request names no number. */
export const defaultConcurrency = 4;

/** The most shards that run at once. */
export const maxConcurrency = 64;

/** A batch's state in a few words, for progress messages: `paused: 1195 succeeded, 5 failed`. */
export function batchMessage(phase: BatchPhase, { succeeded, failed }: RowCounts): string {
  const counts = `${succeeded} succeeded, ${failed} failed`;
  return phase === 'running' || phase === 'ended' ? counts : `${phase}: ${counts}`;
}

/** What is known live of a batch, as entries of its snapshot's metadata: there the client finds it without a query. */
export function batchMetadata({ phase, succeeded, failed, concurrency }: BatchStatus): Record<string, string> {
  return {
    'batch.phase': phase,
    'batch.succeeded': String(succeeded),
    'batch.failed': String(failed),
    'batch.concurrency': String(concurrency),
  };
}

/** Reads {@link batchMetadata} back; undefined where the snapshot is not that of a batch at work. */
export function readBatchMetadata(
  metadata: Readonly<Record<string, string>>,
): (RowCounts & { phase: BatchPhase }) | undefined {
  const { 'batch.phase': phase, 'batch.succeeded': succeeded, 'batch.failed': failed } = metadata;
  if (phase === undefined || succeeded === undefined || failed === undefined) return undefined;
  return { phase: phase as BatchPhase, succeeded: Number(succeeded), failed: Number(failed) };
}
