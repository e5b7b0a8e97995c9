import type { JobSummary } from '../../jobs/list-jobs.js';
import { formatDuration } from './quantity.js';
import { retryText } from './retry.js';
import { clip, table } from './text.js';

/** Jobs as a table. */
export function renderJobs(jobs: readonly JobSummary[], now: number): string {
  if (jobs.length === 0) return 'no jobs';
  const rows = jobs.map((job) => {
    const end = job.finishedAt ? Date.parse(job.finishedAt) : now;
    const time = formatDuration(Math.max(end - Date.parse(job.startedAt), 0));
    return [
      job.jobId,
      job.kind,
      statusText(job),
      job.startedAt.slice(0, 19).replace('T', ' '),
      time,
      retryOf(job, now),
    ];
  });
  const all = [['JOB', 'KIND', 'STATUS', 'STARTED (UTC)', 'TIME', 'RETRY'], ...rows];
  return table(jobs.some(({ retry }) => retry) ? all : all.map((row) => row.slice(0, -1)));
}

function statusText({ status, paused, retry }: JobSummary): string {
  if (paused) return `${status} (paused)`;
  return retry ? `${status} (retrying)` : status;
}

function retryOf({ retry }: JobSummary, now: number): string {
  return retry ? clip(retryText(retry, now), 160) : '';
}
