import { WorkflowFailedError, type Client } from '@temporalio/client';
import {
  isTerminal,
  jobResultSchema,
  ModelJobError,
  parseWith,
  type JobEvent,
  type JobSnapshot,
  type ModelAccessJobResult,
} from '../planner/index.js';
import { jobFailedErrorOf } from './job-failure.js';
import { readEvents, readSnapshot } from './job-record.js';
import { readChain, readRun, type JobRun } from './job-run.js';
import { liveProgress } from './live-progress.js';
import { requestCancel } from './request-cancel.js';
import { askServer } from './service-errors.js';
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
   * @throws JobFailedError for a job that failed (with the failure's code) or was cancelled (code `Cancelled`)
   * @throws ModelJobError `NotFound`, NoServerError
   */
  async result(): Promise<ModelAccessJobResult> {
    const { jobId, firstRunId } = this;
    const handle = this.client.workflow.getHandle(jobId, undefined, { firstExecutionRunId: firstRunId });
    try {
      return parseWith(jobResultSchema(), await askServer(jobId, () => handle.result()), 'result');
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      throw jobFailedErrorOf({ jobId, kind: await this.kind() }, error);
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
    const { snapshot } = await readSnapshot(this.client, await this.run());
    if (isTerminal(snapshot.status)) return snapshot;
    // Read after the worker's answer, so that a part which ends in between is not counted twice.
    const { activities } = await this.run();
    return { ...snapshot, progress: liveProgress(snapshot.progress, activities) };
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

  private async kind(): Promise<JobRun['kind'] | undefined> {
    return this.run().then(
      ({ kind }) => kind,
      () => undefined,
    );
  }
}
