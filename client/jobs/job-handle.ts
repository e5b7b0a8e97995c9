import { WorkflowFailedError, type Client } from '@temporalio/client';
import {
  isTerminal,
  jobResultSchema,
  ModelJobError,
  parseWith,
  type BatchStatus,
  type JobEvent,
  type JobSnapshot,
  type ModelAccessJobResult,
} from '../../planner/index.js';
import { jobFailedErrorOf } from '../state/job-failure.js';
import { readBatch } from '../state/read-batch.js';
import { readEvents } from '../state/job-record.js';
import { readChain, readRun, type JobRun } from '../state/job-run.js';
import { liveSnapshot } from '../state/live-progress.js';
import { reachedBy } from '../state/reached.js';
import { readLive } from '../state/read-live.js';
import { requestCancel } from './request-cancel.js';
import { askServer } from '../connection/service-errors.js';
import { steerBatch } from './steer-batch.js';
import { watchJob, type JobUpdate, type WatchOptions } from './watch-job.js';

/**
 * One job. A handle from `start` stays with the job that it started; one from `getHandle` means the latest job of
 * that id.
 */
export class JobHandle {
  constructor(
    private readonly client: Client,
    readonly jobId: string,
    private readonly firstRunId?: string,
  ) {}

  /**
   * Waits for the job's end, however long it takes.
   *
   * @throws JobFailedError for a job that failed (with the failure's code) or was cancelled (code `Cancelled`); for a
   *   batch its `details` say how far it came (`progress`, `artifacts`)
   * @throws ModelJobError `NotFound`, NoServerError
   */
  async result(): Promise<ModelAccessJobResult> {
    const { jobId, firstRunId } = this;
    const handle = this.client.workflow.getHandle(
      jobId,
      undefined,
      firstRunId === undefined ? {} : { firstExecutionRunId: firstRunId },
    );
    try {
      return parseWith(jobResultSchema(), await askServer(jobId, () => handle.result()), 'result');
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      const run = await this.run().catch(() => undefined);
      throw jobFailedErrorOf({ jobId, kind: run?.kind, reached: reachedBy(run) }, error);
    }
  }

  /**
   * Asks for the job's cancellation and returns; the job ends when its activities have stopped. Cancelling a
   * cancelled job again does nothing.
   *
   * @param reason is kept in the job's history
   * @throws ModelJobError `InvalidArgument` for a job that has succeeded or failed, `NotFound`, NoServerError
   */
  async cancel(reason?: string): Promise<void> {
    const run = await this.cancellableRun();
    if (!run) return;
    try {
      await requestCancel(this.client, run, reason);
    } catch (error) {
      // A job that has ended since is not found: then its end decides.
      if (await this.cancellableRun()) throw error;
    }
  }

  /**
   * The job's state, with the progress of this moment. Once the job has ended it needs no worker; before, without a
   * worker that answers within two seconds, it holds what the server knows.
   *
   * @throws ModelJobError `NotFound`, NoServerError
   */
  async snapshot(): Promise<JobSnapshot> {
    const { snapshot, run } = await readLive(this.client, () => this.run());
    return isTerminal(snapshot.status) ? snapshot : liveSnapshot(snapshot, run.activities);
  }

  /**
   * How a batch stands at this moment: counts, speed, time left, shards.
   *
   * @throws ModelJobError `InvalidArgument` for a job that is no batch, `StateUnavailable` when neither a worker nor
   *   the job's record tells, `NotFound`; NoServerError
   */
  async batch(): Promise<BatchStatus> {
    return readBatch(this.client, () => this.run());
  }

  /**
   * Pauses a batch: shards that run are stopped, which frees their slots and models, and none is started. Returns when
   * they have stopped.
   *
   * @throws ModelJobError `InvalidArgument` for a job that is no batch, has ended or is paused already;
   *   `StateUnavailable` when no worker takes the order; `NotFound`; NoServerError
   */
  async pause(): Promise<BatchStatus> {
    return steerBatch(this.client, await this.run(), 'pause');
  }

  /**
   * Goes on with a batch that is paused, at the row where it was.
   *
   * @throws ModelJobError as `pause`; `InvalidArgument` for a batch that is not paused
   */
  async resume(): Promise<BatchStatus> {
    return steerBatch(this.client, await this.run(), 'resume');
  }

  /**
   * Sets how many shards of a batch run at once; those that are too many go on to their end.
   *
   * @param concurrency 1 to 64
   * @throws ModelJobError as `pause`
   */
  async setConcurrency(concurrency: number): Promise<BatchStatus> {
    return steerBatch(this.client, await this.run(), 'setConcurrency', concurrency);
  }

  /**
   * What has happened to the job so far, in order.
   *
   * @throws ModelJobError `NotFound`, NoServerError
   */
  async events(): Promise<JobEvent[]> {
    return readEvents(this.client, await this.run());
  }

  /**
   * Follows the job: an update for each change, the last one with the terminal snapshot. Progress never goes backwards.
   *
   * @throws ModelJobError `NotFound`, NoServerError
   */
  async *watch(options: WatchOptions = {}): AsyncGenerator<JobUpdate, void, undefined> {
    const { firstRunId } = await this.run();
    yield* watchJob(this.client, () => readChain(this.client, this.jobId, firstRunId), options);
  }

  /** Undefined for a job that is cancelled already. */
  private async cancellableRun(): Promise<JobRun | undefined> {
    const run = await this.run();
    if (run.status === 'cancelled') return undefined;
    if (!isTerminal(run.status)) return run;
    const detail = `job \`${this.jobId}\` has ${run.status} already: there is nothing to cancel`;
    throw new ModelJobError('InvalidArgument', detail);
  }

  private run(): Promise<JobRun> {
    return this.firstRunId === undefined
      ? readRun(this.client, this.jobId)
      : readChain(this.client, this.jobId, this.firstRunId);
  }
}
