import type { JobActivity } from '../../../../client/state/job-activities.js';
import type { JobUpdate } from '../../../../client/jobs/watch-job.js';
import type { JobProgress, JobStatus } from '../../../../planner/index.js';

/** What a watch gives for a job with this progress. */
export function progressMoment(
  progress: JobProgress | null,
  activities: JobActivity[] = [],
  status: JobStatus = 'running',
): JobUpdate {
  const snapshot = {
    spec: { id: 'job-1', name: 'job', kind: 'model-download', metadata: {} },
    status,
    progress,
    logs: [],
    artifacts: [],
    created_at: '2026-01-01T00:00:00Z',
    started_at: null,
    finished_at: null,
    failure: null,
    metadata: {},
  };
  return { snapshot, activities };
}
