import { delimiter } from 'node:path';
import { openServer } from '../client/dev-server/index.js';
import { ModelJobsClient } from '../client/job-client.js';
import { startReadyWorker, type DemoWorker } from '../demo/worker.js';

/** A real server and a worker as a process of its own. */
export interface Stack {
  client: ModelJobsClient;
  worker: DemoWorker;
  /** `host:port` of the server. */
  address: string;
}

export interface StackOptions {
  /** An empty folder, for the server, the worker and the data. */
  home: string;
  /** Folders that jobs may read beside it. */
  roots?: readonly string[];
  /** Further variables of the worker. */
  env?: NodeJS.ProcessEnv;
}

/** Runs `work` with a server and a worker, and ends both. */
export async function withStack<T>(
  { home, roots = [], env = {} }: StackOptions,
  work: (stack: Stack) => Promise<T>,
): Promise<T> {
  const report = (line: string): void => console.error(line);
  const server = await openServer({ home, ephemeral: true, port: 0, uiPort: 0, env: process.env, report });
  try {
    const ours = {
      ...process.env,
      TEMPORAL_ADDRESS: server.address,
      MODEL_JOBS_TASK_QUEUE: `bench-${process.pid}`,
      MODEL_JOBS_HOME: home,
      MODEL_JOBS_ROOTS: [home, ...roots].join(delimiter),
      ...env,
    };
    const worker = await startReadyWorker(ours);
    const client = await ModelJobsClient.connect({ env: ours });
    try {
      return await work({ client, worker, address: server.address });
    } finally {
      await client.close();
      await worker.stop();
    }
  } finally {
    await server.stop();
  }
}
