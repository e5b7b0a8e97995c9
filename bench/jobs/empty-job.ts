import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';

const taskQueue = 'empty-jobs';

/** Calls `work` with a function that runs an empty workflow on the server at `address`, with a worker of its own. */
export async function withEmptyJobs(address: string, work: (run: () => Promise<void>) => Promise<void>): Promise<void> {
  Runtime.install({ telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } } });
  const native = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./empty-workflow.js', import.meta.url)),
  });
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  let count = 0;
  await worker.runUntil(
    work(() => client.workflow.execute('empty', { taskQueue, workflowId: `empty-${++count}` }) as Promise<void>),
  );
  await connection.close();
  await native.close();
}
