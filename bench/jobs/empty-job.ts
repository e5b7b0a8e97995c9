import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';

const taskQueue = 'empty-jobs';

/**
 * Calls `work` with a function that runs an empty workflow on the server at `address`, with a worker of its own.
 *
 * @param type of the workflow: nothing at all, or one activity that does nothing
 */
export async function withEmptyJobs(
  address: string,
  work: (run: () => Promise<void>) => Promise<void>,
  type: 'empty' | 'oneActivity' = 'empty',
): Promise<void> {
  Runtime.install({ telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } } });
  const native = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    activities: { nothing: () => Promise.resolve() },
    workflowsPath: fileURLToPath(new URL('./empty-workflow.js', import.meta.url)),
  });
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  let count = 0;
  await worker.runUntil(
    work(() => client.workflow.execute(type, { taskQueue, workflowId: `empty-${++count}` }) as Promise<void>),
  );
  await connection.close();
  await native.close();
}
