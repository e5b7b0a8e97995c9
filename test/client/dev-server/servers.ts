import { Client, Connection } from '@temporalio/client';
import { onTestFinished } from 'vitest';
import { findExecutable, startDevServer, type DevServer, type StartOptions } from '../../../client/dev-server/index.js';

/** Bound of the first hook: on a fresh machine the Temporal CLI is built there, once. */
export const firstBuildMs = 900_000;

let found: Promise<string> | undefined;

/** The Temporal CLI by the normal search. */
export async function temporal(): Promise<string> {
  found ??= findExecutable({ report: (line) => console.error(line) }).then(({ path }) => path);
  return await found;
}

/** Starts a dev server on free ports, which is stopped when the test has ended. */
export async function start(options: Partial<StartOptions> & { home: string }): Promise<DevServer> {
  const server = await startDevServer({ executable: await temporal(), port: 0, uiPort: 0, ...options });
  onTestFinished(() => server.stop());
  return server;
}

/** Does some work with a client of the server. */
export async function withClient<T>(server: { address: string }, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: server.address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

/** Starts a workflow that no worker takes, and returns its run id. */
export async function startJob(server: { address: string }, workflowId: string): Promise<string> {
  const options = { workflowId, taskQueue: 'nobody', args: [] };
  return await withClient(server, async (client) => (await client.workflow.start('job', options)).firstExecutionRunId);
}

/** The run id that the server knows for a workflow id. */
export async function runIdOf(server: { address: string }, workflowId: string): Promise<string> {
  return await withClient(server, async (client) => (await client.workflow.getHandle(workflowId).describe()).runId);
}
