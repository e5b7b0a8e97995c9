import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { inject } from 'vitest';
import type { Activities } from '../../activities/index.js';
import { workflowBundle } from '../../worker/workflow-bundle.js';

/** A client and a worker on the shared server, on a task queue of their own. */
export interface TestTemporal {
  client: Client;
  taskQueue: string;
  address: string;
  /** Runs `work` while a worker with these activities polls. */
  withWorker<T>(activities: Partial<Activities>, work: () => Promise<T>, options?: Partial<WorkerOptions>): Promise<T>;
  close(): Promise<void>;
}

let quiet = false;

/** Connects to the server of this test run. Call `close` when done. */
export async function connectTemporal(): Promise<TestTemporal> {
  if (!quiet) Runtime.install({ logger: new DefaultLogger('ERROR') });
  quiet = true;
  const address = inject('temporalAddress');
  const [connection, native, bundle] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
    workflowBundle(),
  ]);
  const taskQueue = `test-${randomUUID()}`;
  return {
    client: new Client({ connection }),
    taskQueue,
    address,
    async withWorker(activities, work, options = {}) {
      const worker = await Worker.create({
        connection: native,
        taskQueue,
        ...(options.workflowsPath === undefined && { workflowBundle: bundle }),
        activities,
        maxHeartbeatThrottleInterval: '500 ms',
        ...options,
      });
      return worker.runUntil(work);
    },
    async close() {
      await connection.close();
      await native.close();
    },
  };
}
