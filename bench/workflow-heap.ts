import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { startDevServer } from '../client/dev-server/index.js';
import { jobKinds } from '../planner/index.js';
import { workflowBundlePath, workflowBundle } from '../worker/workflow-bundle.js';

/**
 * How much memory a worker keeps for each cached workflow: workflows are started, wait for an activity that no
 * worker runs, and so stay in the cache. Limit: 250 MB for 500.
 */
const workflows = Number(process.argv[2] ?? 500);
const limitMb = (250 / 500) * workflows;
const taskQueue = 'workflow-heap';

const home = await mkdtemp(join(tmpdir(), 'model-jobs-heap-'));
const server = await startDevServer({
  home,
  ephemeral: true,
  report: (line) => console.error(line),
  port: 0,
  uiPort: 0,
});
try {
  Runtime.install({ telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } } });
  const connection = await NativeConnection.connect({ address: server.address });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: await workflowBundle(),
    maxCachedWorkflows: workflows * 2,
    workflowThreadPoolSize: 1,
  });
  const client = new Client({ connection: await Connection.connect({ address: server.address }) });
  const mb = await worker.runUntil(measure(client, worker));
  const { size } = await stat(workflowBundlePath);
  console.log(`bundle: ${(size / 1e6).toFixed(2)} MB`);
  console.log(
    `${workflows} cached workflows: ${mb.toFixed(0)} MB in all, ${((mb / workflows) * 1000).toFixed(0)} KB each (limit ${limitMb.toFixed(0)} MB)`,
  );
  process.exitCode = mb < limitMb ? 0 : 1;
  await connection.close();
  await client.connection.close();
} finally {
  await server.stop();
  await rm(home, { recursive: true, force: true });
}

async function measure(client: Client, worker: Worker): Promise<number> {
  await start(client, worker, 0, 20);
  const before = await settledRss();
  await start(client, worker, 20, workflows);
  return (await settledRss()) - before;
}

/** Starts workflows and waits until the worker has all of them in its cache. */
async function start(client: Client, worker: Worker, from: number, count: number): Promise<void> {
  const kinds = Object.entries(jobKinds);
  for (let index = from; index < from + count; index++) {
    const [kind, { workflowType }] = kinds[index % kinds.length]!;
    const spec = {
      name: 'demo/model',
      task: 'text_classification',
      source:
        kind === 'ExternalCommand'
          ? { kind: 'external_command', command: 'true' }
          : { kind: 'hugging_face', repo_id: 'demo/model', revision: 'main' },
      files: [{ required: 'config.json' }, { required: 'tokenizer.json' }, { first_available: ['onnx/model.onnx'] }],
    };
    await client.workflow.start(workflowType, {
      taskQueue,
      workflowId: `heap-${index}`,
      args: [{ kind, spec, backend: 'onnx' }],
    });
  }
  for (let polls = 0; worker.getStatus().numCachedWorkflows < from + count; polls++) {
    if (polls > 600)
      throw new Error(
        `${worker.getStatus().numCachedWorkflows} of ${from + count} workflows are cached after a minute`,
      );
    await sleep(100);
  }
}

async function settledRss(): Promise<number> {
  await sleep(2000);
  return process.memoryUsage().rss / 1e6;
}
