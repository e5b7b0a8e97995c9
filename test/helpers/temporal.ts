import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { afterAll, inject } from 'vitest';
import type { Activities } from '../../activities/index.js';
import { ModelJobsClient } from '../../client/job-client.js';

/** A client and a worker on the shared server, on a task queue of their own. */
export interface TestTemporal {
  client: Client;
  /** Our own client, on the same task queue. */
  jobs: ModelJobsClient;
  taskQueue: string;
  address: string;
  /** The environment of a command line that is to use them. */
  env: NodeJS.ProcessEnv;
  /** Runs `work` while a worker with these activities polls. */
  withWorker<T>(activities: Partial<Activities>, work: () => Promise<T>, options?: Partial<WorkerOptions>): Promise<T>;
}

let quiet = false;

/** Connects a test file to the server of this run, until its tests have ended. */
export async function connectTemporal(): Promise<TestTemporal> {
  if (!quiet) Runtime.install({ logger: new DefaultLogger('ERROR') });
  quiet = true;
  const address = inject('temporalAddress');
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  afterAll(async () => {
    await connection.close();
    await native.close();
  });
  const client = new Client({ connection });
  const taskQueue = `test-${randomUUID()}`;
  return {
    client,
    jobs: new ModelJobsClient({ client, taskQueue }),
    taskQueue,
    address,
    env: { TEMPORAL_ADDRESS: address, MODEL_JOBS_TASK_QUEUE: taskQueue, MODEL_JOBS_HOME: '/nonexistent' },
    async withWorker(activities, work, options = {}) {
      const worker = await Worker.create({
        connection: native,
        taskQueue,
        ...(options.workflowsPath === undefined && { workflowBundle: { codePath: inject('workflowBundlePath') } }),
        activities,
        maxHeartbeatThrottleInterval: '500 ms',
        ...options,
      });
      return worker.runUntil(work);
    },
  };
}
