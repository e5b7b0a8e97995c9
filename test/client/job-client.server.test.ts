import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Activities } from '../../activities/index.js';
import { JobFailedError } from '../../client/connection/errors.js';
import { ModelJobError, type ModelAccessJobRequestInput, type ModelJobKind } from '../../planner/index.js';
import { fakeActivities } from '../helpers/fake-activities.js';
import { connectTemporal } from '../helpers/temporal.js';
import { openGate, untilAborted, type Gate } from './jobs/gate.js';

const temporal = await connectTemporal();
const { jobs } = temporal;

/** A request with an id of its own. */
function request(
  kind: ModelJobKind = 'Warmup',
  id = `test-${randomUUID()}`,
): ModelAccessJobRequestInput & { id: string } {
  return {
    id,
    kind,
    backend: 'onnx',
    spec: {
      name: 'demo/model',
      task: 'text_embedding',
      source: { kind: 'hugging_face', repo_id: 'demo/model', revision: 'main' },
      files: [{ required: 'config.json' }],
    },
  };
}

/** Activities whose warm-up waits at a gate, or for its cancellation. */
function gated(gate: Gate): Activities {
  const activities = fakeActivities();
  return { ...activities, warmRuntime: (given) => gate.pass().then(() => activities.warmRuntime(given)) };
}

test('a job gives its result, and after its end needs no worker to tell what happened', async () => {
  const { id, ...rest } = request();
  const handle = await temporal.withWorker(fakeActivities(), async () => {
    const started = await jobs.start({ id, ...rest });
    expect(await started.result()).toMatchObject({ jobId: id, kind: 'Warmup', output: { warmed: true } });
    return started;
  });
  const events = await handle.events();
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_event, index) => index + 1));
  expect(events.at(-1)?.kind).toEqual({ StatusChanged: { status: 'succeeded', message: null } });
  expect(await handle.snapshot()).toMatchObject({
    spec: { id, name: 'model-warmup demo/model', kind: 'model-warmup', metadata: { 'model.revision': 'main' } },
    status: 'succeeded',
    progress: { completed: 1, total: 1, unit: 'steps' },
  });
});

test('what a worker answers and what is left without one are the same', async () => {
  const { id, ...rest } = request('Download');
  const answers = await temporal.withWorker(fakeActivities(), async () => {
    await jobs.execute({ id, ...rest });
    const workflow = temporal.client.workflow.getHandle(id);
    return { snapshot: await workflow.query('snapshot'), events: await workflow.query('events') };
  });
  const handle = jobs.getHandle(id);
  expect({ snapshot: await handle.snapshot(), events: await handle.events() }).toEqual(answers);
});

test('a job id that is running is refused by name, and may be joined', async () => {
  const wanted = request();
  const gate = openGate();
  await temporal.withWorker(gated(gate), async () => {
    const first = await jobs.start(wanted);
    await expect(jobs.start(wanted)).rejects.toMatchObject({
      code: 'AlreadyExists',
      message: expect.stringMatching(new RegExp(`job \`${wanted.id}\` is running already: join it`)) as string,
    });
    const joined = await jobs.start(wanted, { join: true });
    gate.open();
    expect(await joined.result()).toEqual(await first.result());
  });
});

test('a bad request is refused before anything starts', async () => {
  const wanted = request();
  const bad = { ...wanted, options: JSON.parse('{"speed": 1}') as ModelAccessJobRequestInput['options'] };
  await expect(jobs.start(bad)).rejects.toMatchObject({ problems: [{ path: 'options' }] });
  await expect(jobs.getHandle(wanted.id).snapshot()).rejects.toMatchObject({ code: 'NotFound' });
});

test("a failed job throws its failure's code, and its snapshot tells why", async () => {
  const wanted = request('ValidateBundle');
  const handle = await temporal.withWorker(fakeActivities('not found: bundle `x` does not exist'), async () => {
    const started = await jobs.start(wanted);
    const failure = await started.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(JobFailedError);
    expect(failure).toMatchObject({ jobId: wanted.id, kind: 'ValidateBundle', code: 'NotFound' });
    return started;
  });
  expect(await handle.snapshot()).toMatchObject({
    status: 'failed',
    failure: { message: 'bundle `x` does not exist' },
  });
});

test('a cancelled job ends as cancelled and may be cancelled again', async () => {
  const wanted = request();
  await temporal.withWorker({ ...fakeActivities(), warmRuntime: untilAborted }, async () => {
    const handle = await jobs.start(wanted);
    await expect.poll(async () => (await handle.snapshot()).status).toBe('running');
    await handle.cancel('no longer needed');
    await expect(handle.result()).rejects.toMatchObject({ code: 'Cancelled', jobId: wanted.id, kind: 'Warmup' });
    await handle.cancel();
    expect((await handle.snapshot()).status).toBe('cancelled');
  });
  const { events } = await temporal.client.workflow.getHandle(wanted.id).fetchHistory();
  const causes = events?.map((event) => event.workflowExecutionCancelRequestedEventAttributes?.cause);
  expect(causes).toContain('no longer needed');
});

test('a job that has succeeded has nothing to cancel', async () => {
  const wanted = request();
  await temporal.withWorker(fakeActivities(), () => jobs.execute(wanted));
  await expect(jobs.getHandle(wanted.id).cancel()).rejects.toThrow(/has succeeded already: there is nothing to cancel/);
});

test('an unknown job is not found, whatever is asked', async () => {
  const handle = jobs.getHandle('nobody-started-this');
  const asked = [handle.snapshot(), handle.events(), handle.result(), handle.cancel(), handle.watch().next()];
  for (const answer of await Promise.allSettled(asked)) {
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'NotFound' } });
  }
});

test('a workflow that is no job is refused by its type', async () => {
  const workflowId = `other-${randomUUID()}`;
  const other = await temporal.client.workflow.start('cleanUp', { workflowId, taskQueue: temporal.taskQueue });
  await expect(jobs.getHandle(workflowId).snapshot()).rejects.toThrow(/a workflow of type `cleanUp`, not a job/);
  await other.terminate();
});

test('a job that no worker has taken is queued', async () => {
  const handle = await jobs.start(request());
  expect(await handle.snapshot()).toMatchObject({
    spec: { id: handle.jobId, name: 'model-warmup demo/model' },
    status: 'queued',
    metadata: { 'model.name': 'demo/model' },
  });
  expect((await handle.events()).map(({ kind }) => kind)).toEqual([
    { StatusChanged: { status: 'queued', message: null } },
  ]);
  await temporal.client.workflow.getHandle(handle.jobId).terminate();
});

test('a terminated job has failed, and tells who says so', async () => {
  const handle = await jobs.start(request());
  await temporal.client.workflow.getHandle(handle.jobId).terminate('spring cleaning');
  const message = 'the job was terminated: spring cleaning';
  expect(await handle.snapshot()).toMatchObject({ status: 'failed', failure: { message } });
  await expect(handle.result()).rejects.toMatchObject({ code: 'Failed', detail: message });
});

test('a handle stays with the job that it started when its id is given to another', async () => {
  const wanted = request('Inference');
  await temporal.withWorker(fakeActivities(), async () => {
    const first = await jobs.start({ ...wanted, inputs: [{ kind: 'json', value: 1 }] });
    await first.result();
    const second = await jobs.start({ ...wanted, inputs: [] });
    await second.result();
    expect((await first.result()).output).toMatchObject({ inputCount: 1 });
    expect((await second.result()).output).toMatchObject({ inputCount: 0 });
    expect((await first.events())[0]?.timestamp).not.toBe((await second.events())[0]?.timestamp);
    expect(await jobs.getHandle(wanted.id).snapshot()).toEqual(await second.snapshot());
  });
});

test('jobs are listed by kind and status, the latest first', async () => {
  const [older, newer] = [request('MaterializeBundle'), request('MaterializeBundle')];
  await temporal.withWorker(fakeActivities(), async () => {
    await jobs.execute(older);
    await jobs.execute(newer);
  });
  const list = async () => {
    const found: string[] = [];
    for await (const job of jobs.list({ kind: 'MaterializeBundle', status: 'succeeded' })) found.push(job.jobId);
    return found.filter((jobId) => [older.id, newer.id].includes(jobId));
  };
  await expect.poll(list, { timeout: 10_000 }).toEqual([newer.id, older.id]);
  await expect(jobs.list({ limit: 0 })[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(ModelJobError);
});

test('a job is readable in the Web UI', async () => {
  const handle = await jobs.start(request('Download'));
  const workflow = temporal.client.workflow.getHandle(handle.jobId);
  const description = await workflow.describe();
  expect(await description.staticSummary()).toBe('Download demo/model@main');
  expect(await description.staticDetails()).toContain('- Backend: `onnx`');
  await workflow.terminate();
});
