import type { Client } from '@temporalio/client';
import { defaultTaskQueue, type ModelAccessJobRequestInput, type ModelAccessJobResult } from '../planner/index.js';
import { connectServer, type ConnectOptions } from './connection/connect.js';
import { JobHandle } from './jobs/job-handle.js';
import { listJobs, type JobFilter, type JobSummary } from './jobs/list-jobs.js';
import { planRetry, type RetryOptions } from './jobs/plan-retry.js';
import { JobSchedules } from './schedules/index.js';
import { startJob, type StartOptions } from './jobs/start-job.js';
import { acceptRequest } from './jobs/start-options.js';

export type { StartOptions } from './jobs/start-job.js';

export interface ModelJobsClientOptions {
  /** A connected Temporal client; who made it closes its connection. */
  client: Client;
  /** The task queue of the workers. Default: `model-jobs`. */
  taskQueue?: string | undefined;
  /** The Web UI's address, for links. */
  uiUrl?: string | undefined;
}

/** Starts model jobs on a Temporal server, follows, cancels, lists and schedules them. */
export class ModelJobsClient {
  readonly taskQueue: string;
  /** Schedules of jobs on the same server and task queue. */
  readonly schedules: JobSchedules;
  private readonly client: Client;
  private readonly uiUrl: string | undefined;
  private closeConnection: () => Promise<void> = () => Promise.resolve();

  constructor({ client, taskQueue, uiUrl }: ModelJobsClientOptions) {
    this.client = client;
    this.taskQueue = taskQueue ?? defaultTaskQueue;
    this.uiUrl = uiUrl;
    this.schedules = new JobSchedules(client, this.taskQueue);
  }

  /**
   * A client over a connection of its own, configured by the environment: the server by `TEMPORAL_ADDRESS`,
   * `temporal.toml` or the running `model-jobs dev`, the task queue by `MODEL_JOBS_TASK_QUEUE`. Close it after use.
   *
   * @throws NoServerError when there is no server or it does not answer within `timeoutMs`
   */
  static async connect(options: ConnectOptions & { taskQueue?: string } = {}): Promise<ModelJobsClient> {
    const { client, connection, uiUrl } = await connectServer(options);
    const taskQueue = options.taskQueue ?? (options.env ?? process.env)['MODEL_JOBS_TASK_QUEUE'];
    const jobs = new ModelJobsClient({ client, taskQueue: taskQueue || undefined, uiUrl });
    jobs.closeConnection = () => connection.close();
    return jobs;
  }

  /** Closes the connection that `connect` made; one that was given stays open. */
  async close(): Promise<void> {
    await this.closeConnection();
  }

  /**
   * Starts a job and returns as soon as the server has it.
   *
   * @throws ModelJobError `InvalidArgument` with every problem of the request by its path; `ResourceLimit` for a
   *   request over 1 MiB; `AlreadyExists` when a job of this id is running or has run and the options don't let this
   *   request take it, or when it is another request's; NoServerError
   */
  async start(request: ModelAccessJobRequestInput, options: StartOptions = {}): Promise<JobHandle> {
    return startJob(this.client, this.taskQueue, acceptRequest(request), options);
  }

  /**
   * Starts a job and waits for its result.
   *
   * @throws ModelJobError as `start`; JobFailedError as `JobHandle.result`
   */
  async execute(request: ModelAccessJobRequestInput, options: StartOptions = {}): Promise<ModelAccessJobResult> {
    const handle = await this.start(request, options);
    return handle.result();
  }

  /**
   * Starts a job `{job id}-retry-N` that runs the rows of a batch again which have not succeeded: those that failed,
   * and those that a batch which was cancelled or failed never came to. Its outputs hold all rows, in order.
   *
   * @throws ModelJobError `InvalidArgument` for a job that is no batch, has not ended or has nothing to retry;
   *   `AlreadyExists` when its rows have been run again; `NotFound`; NoServerError
   */
  async retryFailed(jobId: string, options: RetryOptions = {}): Promise<JobHandle> {
    return this.start(await planRetry(this.client, jobId, options));
  }

  /** A handle on the latest job of an id. Nothing is asked of the server yet. */
  getHandle(jobId: string): JobHandle {
    return new JobHandle(this.client, jobId);
  }

  /** The jobs of the server, the latest first; its list may lag behind by a moment. */
  list(filter: JobFilter = {}): AsyncIterable<JobSummary> {
    return listJobs(this.client, filter);
  }

  /** The job's page in the Web UI; undefined where the Web UI's address is not known. */
  jobUrl(jobId: string): string | undefined {
    if (this.uiUrl === undefined) return undefined;
    const { namespace } = this.client.options;
    return `${this.uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(jobId)}`;
  }
}
