import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NativeConnection } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { ModelJobsClient } from '../../client/job-client.js';
import { createWorker } from '../../worker/index.js';
import { configIn, temporaryFolder } from '../helpers/activity.js';
import { connectTemporal } from '../helpers/temporal.js';

const model = fileURLToPath(new URL('../../demo/model/afinn-sentiment', import.meta.url));
const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];
const temporal = await connectTemporal();

test('a worker that is embedded leaves no model process when it has drained', async () => {
  const folder = await temporaryFolder();
  await cp(model, join(folder, 'model'), { recursive: true });
  const connection = await NativeConnection.connect({ address: temporal.address });
  const taskQueue = `embedded-${randomUUID()}`;
  const worker = await createWorker(
    { taskQueue, activities: configIn(folder), maxActivities: 4, shutdownSeconds: 20, logLevel: 'error' },
    connection,
    'default',
  );
  const jobs = new ModelJobsClient({ client: temporal.client, taskQueue });
  const before = new Set(modelProcesses());
  const own = () => modelProcesses().filter((pid) => !before.has(pid));
  await worker.runUntil(async () => {
    await jobs.execute({
      id: taskQueue,
      kind: 'Inference',
      backend: 'onnx',
      spec: {
        name: 'afinn',
        task: 'text_classification',
        source: { kind: 'local_path', path: join(folder, 'model') },
        files: files.map((required) => ({ required })),
      },
      inputs: [{ kind: 'json', value: 'good' }],
    });
    expect(own()).not.toEqual([]);
  });
  await connection.close();
  expect(own()).toEqual([]);
});

/** Children of this process that host a model. */
function modelProcesses(): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [pid, parent, ...args] = line.trim().split(/\s+/);
    return Number(parent) === process.pid && args.join(' ').includes('models/host/main') ? [Number(pid)] : [];
  });
}
