import type { JobUpdate } from '../../jobs/watch-job.js';

/** Shows how a job goes, on stderr. */
export interface ProgressView {
  update(update: JobUpdate): void;
  /** A remark between two updates. */
  note(text: string): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}
