import {
  furthestProgress,
  identityMetadata,
  retryMetadata,
  type JobProgress,
  type JobSnapshot,
  type RowCounts,
} from '../../planner/index.js';
import { mostTried, type JobActivity } from './job-activities.js';
import { addLiveCounts, keepCounts } from './live-batch.js';

/** The activity that does a part of its job's rows. */
const partType = 'runShard';

/** A job's snapshot with the progress of this moment in it, and the model that it has pinned. */
export function liveSnapshot(snapshot: JobSnapshot, activities: readonly JobActivity[]): JobSnapshot {
  const progress = liveProgress(snapshot.progress, activities);
  const live = { ...snapshot, progress, ...addLiveCounts(snapshot, progress, activities) };
  const model = activities.find((activity) => activity.model)?.model;
  const retry = mostTried(activities);
  const metadata = { ...(model && identityMetadata(model)), ...live.metadata, ...(retry && retryMetadata(retry)) };
  return { ...live, metadata };
}

/** The later of two snapshots of one job, whose progress and counts never show less than the earlier one's. */
export function furthestSnapshot(before: JobSnapshot | undefined, now: JobSnapshot): JobSnapshot {
  if (!before?.progress) return now;
  // Without a worker that answers, less is known than before.
  if (!now.progress) return { ...now, progress: before.progress, ...keepCounts(before, now, before.progress) };
  const progress = furthestProgress(before.progress, now.progress);
  return progress === now.progress ? now : { ...now, progress, ...keepCounts(before, now, progress) };
}

/**
 * A job's progress of this moment: the steps that its workflow counted, and what the running activities report.
 *
 * Activities that do parts of the counted work (the shards of a batch) add to it; any other activity shows
 * its own progress, which is finer than the steps, or what it does where all of them are counted. Parts alone, of a
 * whole that nobody tells, are no progress.
 */
export function liveProgress(counted: JobProgress | null, activities: readonly JobActivity[]): JobProgress | null {
  const reported = activities.flatMap(({ progress }) => (progress ? [progress] : []));
  const [first] = reported;
  if (!first) return counted;
  if (!counted && activities.some(({ type }) => type === partType)) return null;
  if (counted && arePartsOf(counted, reported)) return addParts(counted, reported);
  if (counted && share(counted) === 1) return { ...counted, message: describeStep(first) };
  return reported.reduce((furthest, progress) => (share(progress) > share(furthest) ? progress : furthest), first);
}

/** Keeps a job's progress from going backwards: across retries, and across the pieces that it is read from. */
export function createProgressKeeper(): (activities: readonly JobActivity[]) => JobActivity[] {
  const furthest = new Map<string, { progress: JobProgress; counts?: RowCounts }>();
  return (activities) =>
    activities.map((activity) => {
      const before = furthest.get(activity.id);
      if (!activity.progress) return { ...activity, ...before };
      const progress = furthestProgress(before?.progress, activity.progress);
      const counts = progress === activity.progress ? activity.counts : before?.counts;
      const now = { progress, ...(counts ? { counts } : {}) };
      furthest.set(activity.id, now);
      return { ...activity, ...now };
    });
}

function arePartsOf(whole: JobProgress, parts: readonly JobProgress[]): boolean {
  if (whole.total == null || parts.some((part) => part.unit !== whole.unit)) return false;
  return whole.completed + sum(parts.map((part) => part.total ?? part.completed)) <= whole.total;
}

/** What is done after all parts are counted, such as putting them together. */
function describeStep({ message, completed, total, unit }: JobProgress): string {
  return `${message == null ? '' : `${message}: `}${completed}${total == null ? '' : ` of ${total}`} ${unit}`;
}

function addParts(whole: JobProgress, parts: readonly JobProgress[]): JobProgress {
  return { ...whole, completed: whole.completed + sum(parts.map((part) => part.completed)) };
}

function share({ completed, total }: JobProgress): number {
  return total == null ? 0 : completed / total;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
