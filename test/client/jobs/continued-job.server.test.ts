import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ModelAccessJobRequestInput } from '../../../planner/index.js';
import { connectTemporal } from '../../helpers/temporal.js';

const workflowsPath = fileURLToPath(new URL('fixtures/continuing-workflow.ts', import.meta.url));

const temporal = await connectTemporal();
const { jobs } = temporal;

test('a job that goes on in further runs is one job, also when its id has been given to another', async () => {
  const request: ModelAccessJobRequestInput = {
    id: `continued-${randomUUID()}`,
    kind: 'BatchInference',
    backend: 'onnx',
    spec: { name: 'demo', task: 'text_embedding', source: { kind: 'local_path', path: '/m' }, files: [] },
  };
  const work = async (): Promise<void> => {
    const first = await jobs.start({ ...request, outputArtifactPrefix: 'first' });
    for await (const { snapshot } of first.watch({ intervalMs: 20 })) expect(snapshot.status).not.toBe('failed');
    const ended = await first.snapshot();
    expect(ended.status).toBe('succeeded');

    const second = await jobs.start({ ...request, outputArtifactPrefix: 'second' });
    expect((await second.result()).output).toEqual({ run: 3, prefix: 'second' });
    expect((await first.result()).output).toEqual({ run: 3, prefix: 'first' });
    expect(await first.snapshot()).toEqual(ended);
    expect(await jobs.getHandle(first.jobId).snapshot()).toEqual(await second.snapshot());
    expect(await second.snapshot()).not.toEqual(ended);
  };
  await temporal.withWorker({}, work, { workflowsPath });
});
