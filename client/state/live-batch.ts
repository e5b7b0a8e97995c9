import {
  addCounts,
  batchMessage,
  countsMetadata,
  readBatchMetadata,
  type BatchStatus,
  type JobProgress,
  type JobSnapshot,
  type RowCounts,
} from '../../planner/index.js';
import type { JobActivity } from './job-activities.js';

type LivePart = Partial<Pick<JobSnapshot, 'progress' | 'metadata'>>;

/** The counts of a batch's snapshot with those of the shards that run; nothing for a job of another kind. */
export function addLiveCounts(
  { progress: counted, metadata }: JobSnapshot,
  progress: JobProgress | null,
  activities: readonly JobActivity[],
): LivePart {
  const batch = readBatchMetadata(metadata);
  if (!batch || !counted || !progress || progress.completed === counted.completed) return {};
  const counts = sumCounts(batch, activities);
  return withCounts(metadata, progress, { ...batch, ...counts });
}

/** The counts of an earlier snapshot in a later one, whose progress would show less. */
export function keepCounts(before: JobSnapshot, now: JobSnapshot, progress: JobProgress): LivePart {
  const counts = readBatchMetadata(before.metadata);
  const batch = readBatchMetadata(now.metadata);
  return counts && batch ? withCounts(now.metadata, progress, { ...counts, phase: batch.phase }) : {};
}

/** A batch's status with what the shards that run report. */
export function liveBatch(status: BatchStatus, activities: readonly JobActivity[]): BatchStatus {
  const { total } = status;
  const shards = activities.filter(({ counts }) => counts);
  const counts = sumCounts(status, shards);
  const done = counts.succeeded + counts.failed;
  const perSecond = liveRate(status, shards);
  const isOver = total !== null && done >= total;
  const secondsLeft = total === null || perSecond === null || isOver ? null : Math.ceil((total - done) / perSecond);
  return { ...status, done, ...counts, perSecond, secondsLeft };
}

/** The shards' own rates, once all that run have one: they are fresher than the ends of the last shards. */
function liveRate({ phase, perSecond, running }: BatchStatus, shards: readonly JobActivity[]): number | null {
  if (phase !== 'running') return null;
  const rates = shards.flatMap((shard) => (shard.perSecond === undefined ? [] : [shard.perSecond]));
  const rate = rates.reduce((sum, one) => sum + one, 0);
  return rate > 0 && (rates.length >= running || perSecond === null) ? rate : perSecond;
}

function sumCounts(counts: RowCounts, activities: readonly JobActivity[]): RowCounts {
  const all = activities.flatMap((activity) => activity.counts ?? []);
  return all.reduce(addCounts, addCounts(counts, { succeeded: 0, failed: 0 }));
}

function withCounts(
  metadata: Record<string, string>,
  progress: JobProgress,
  { phase, ...counts }: RowCounts & Pick<BatchStatus, 'phase'>,
): Required<LivePart> {
  return {
    progress: { ...progress, message: batchMessage(phase, counts) },
    metadata: { ...metadata, ...countsMetadata(counts) },
  };
}
