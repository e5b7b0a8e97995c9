import type { JobProgress, ModelIdentity, RowCounts } from '../../planner/index.js';

/** What all work has from its caller: when to stop, and where to tell how far it is. */
export interface Work {
  /** Aborted when the job is cancelled, and when the worker shuts down. */
  readonly signal: AbortSignal;
  /**
   * Reports progress; cheap enough for every step. It never goes backwards for who listens.
   *
   * @param counts how the rows of a shard came out that `progress` counts
   */
  readonly report: (progress: JobProgress, counts?: RowCounts) => void;
}

/** The same for work that belongs to a job. */
export interface JobWork extends Work {
  readonly jobId: string;
  /** The job's run: a job of the same id that follows has another. Of a batch, the run that it has continued as. */
  readonly runId: string;
  /** The model that the job has pinned, by an earlier step or attempt; undefined before. */
  readonly pinned: ModelIdentity | undefined;
  /** Pins the job's model, before it is used: a later attempt finds it in `pinned`, on any host. */
  readonly pin: (model: ModelIdentity) => void;
  /** Whether no attempt would follow this one if it failed with this error. */
  readonly isLastAttempt: (error: unknown) => boolean;
  /** Puts a line that a model or program prints into the job's log. */
  readonly log: (line: string) => void;
}

/** The same work for a job whose model an earlier step has pinned; without one, as it was. */
export function pinnedTo(work: JobWork, model: ModelIdentity | undefined): JobWork {
  const { signal, report, jobId, runId, isLastAttempt, log } = work;
  return model ? { signal, report, jobId, runId, isLastAttempt, log, pinned: model, pin: () => undefined } : work;
}
