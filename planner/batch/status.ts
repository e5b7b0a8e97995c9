import { codesText, type RowCounts } from '../job/row-counts.js';

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

/** A batch's state in a few words, for progress messages: `paused: 1195 succeeded, 5 failed (4 InvalidArgument, 1 Crashed)`. */
export function batchMessage(phase: BatchPhase, rows: RowCounts): string {
  const codes = codesText(rows);
  const counts = `${rows.succeeded} succeeded, ${rows.failed} failed${codes === '' ? '' : ` (${codes})`}`;
  return phase === 'running' || phase === 'ended' ? counts : `${phase}: ${counts}`;
}

/** What is known live of a batch, as entries of its snapshot's metadata: there the client finds it without a query. */
export function batchMetadata(status: BatchStatus): Record<string, string> {
  return { 'batch.phase': status.phase, ...countsMetadata(status), 'batch.concurrency': String(status.concurrency) };
}

/** The counts among them: `batch.failed.InvalidArgument` is how many rows failed with this code. */
export function countsMetadata({ succeeded, failed, failedByCode = {} }: RowCounts): Record<string, string> {
  const codes = Object.entries(failedByCode).map(([code, count]) => [codePrefix + code, String(count)] as const);
  return { 'batch.succeeded': String(succeeded), 'batch.failed': String(failed), ...Object.fromEntries(codes) };
}

const codePrefix = 'batch.failed.';

/** Reads {@link batchMetadata} back; undefined where the snapshot is not that of a batch at work. */
export function readBatchMetadata(
  metadata: Readonly<Record<string, string>>,
): (RowCounts & { phase: BatchPhase }) | undefined {
  const { 'batch.phase': phase, 'batch.succeeded': succeeded, 'batch.failed': failed } = metadata;
  if (phase === undefined || succeeded === undefined || failed === undefined) return undefined;
  const codes = Object.entries(metadata).filter(([name]) => name.startsWith(codePrefix));
  const byCode = codes.map(([name, count]) => [name.slice(codePrefix.length), Number(count)] as const);
  return {
    phase: phase as BatchPhase,
    succeeded: Number(succeeded),
    failed: Number(failed),
    ...(byCode.length > 0 ? { failedByCode: Object.fromEntries(byCode) } : {}),
  };
}
