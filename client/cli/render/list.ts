import type { JobSummary } from '../../jobs/list-jobs.js';
import { formatDuration } from './quantity.js';
import { table } from './text.js';

/** Jobs as a table. */
export function renderJobs(jobs: readonly JobSummary[], now: number): string {
  if (jobs.length === 0) return 'no jobs';
  const rows = jobs.map((job) => {
    const end = job.finishedAt ? Date.parse(job.finishedAt) : now;
    const time = formatDuration(Math.max(end - Date.parse(job.startedAt), 0));
    const status = job.paused ? `${job.status} (paused)` : job.status;
    return [job.jobId, job.kind, status, job.startedAt.slice(0, 19).replace('T', ' '), time];
  });
  return table([['JOB', 'KIND', 'STATUS', 'STARTED (UTC)', 'TIME'], ...rows]);
}
