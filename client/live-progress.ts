import { furthestProgress, type JobProgress } from '../planner/index.js';
import type { JobActivity } from './job-activities.js';

/**
 * A job's progress of this moment: the steps that its workflow counted, and what the running activities report.
 *
 * Activities that do parts of the counted work (the shards of a batch) add to it; any other activity shows
 * its own progress, which is finer than the steps.
 */
export function liveProgress(counted: JobProgress | null, activities: readonly JobActivity[]): JobProgress | null {
  const reported = activities.flatMap(({ progress }) => (progress ? [progress] : []));
  const [first] = reported;
  if (!first) return counted;
  if (counted && arePartsOf(counted, reported)) return addParts(counted, reported);
  return reported.reduce((furthest, progress) => (share(progress) > share(furthest) ? progress : furthest), first);
}

/** Keeps a job's progress from going backwards: across retries, and across the pieces that it is read from. */
export function createProgressKeeper(): (activities: readonly JobActivity[]) => JobActivity[] {
  const furthest = new Map<string, JobProgress>();
  return (activities) =>
    activities.map((activity) => {
      if (!activity.progress) return { ...activity, progress: furthest.get(activity.id) ?? null };
      const progress = furthestProgress(furthest.get(activity.id), activity.progress);
      furthest.set(activity.id, progress);
      return { ...activity, progress };
    });
}

function arePartsOf(whole: JobProgress, parts: readonly JobProgress[]): boolean {
  if (whole.total == null || parts.some((part) => part.unit !== whole.unit)) return false;
  return whole.completed + sum(parts.map((part) => part.total ?? part.completed)) <= whole.total;
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
