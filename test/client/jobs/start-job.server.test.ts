import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Activities } from '../../../activities/index.js';
import { type StartOptions } from '../../../client/job-client.js';
import type { JobHandle } from '../../../client/jobs/job-handle.js';
import type { ModelAccessJobRequestInput } from '../../../planner/index.js';
import { fakeActivities } from '../../helpers/fake-activities.js';
import { connectTemporal } from '../../helpers/temporal.js';
import { openGate, untilAborted } from './gate.js';

const temporal = await connectTemporal();
const { jobs } = temporal;

/** Requests without an id: those of one model have one default id. */
function asking(value: string, model = `m-${randomUUID()}`): ModelAccessJobRequestInput {
  return {
    kind: 'Inference',
    backend: 'onnx',
    spec: { name: model, task: 'text_embedding', source: { kind: 'local_path', path: '/m' }, files: [] },
    inputs: [{ kind: 'json', value }],
  };
}

/** Inferences that answer with their inputs, and how many there were. */
function answering(gate: { pass(): Promise<void> } = { pass: () => Promise.resolve() }) {
  const fake = fakeActivities();
  const box = { runs: 0, activities: fake };
  box.activities = {
    ...fake,
    async runInference(given: Parameters<Activities['runInference']>[0]) {
      box.runs += 1;
      await gate.pass();
      const outputs = given.inputs.map((input) => (input.kind === 'json' ? input.value : null));
      return { ...(await fake.runInference(given)), outputs };
    },
  };
  return box;
}

const outputsOf = async (handle: JobHandle) => (await handle.result()).output?.['outputs'];
const two: StartOptions[] = [{ join: true }, { idReuse: 'return' }];

describe('a request whose id is taken by a running job', () => {
  it.each(two)('takes that job with %j where the request is the same', async (options) => {
    const gate = openGate();
    const box = answering(gate);
    await temporal.withWorker(box.activities, async () => {
      const first = await jobs.start(asking('a', 'same'));
      const again = await jobs.start({ ...asking('a', 'same'), metadata: {}, options: null }, options);
      gate.open();
      expect([await outputsOf(first), await outputsOf(again)]).toEqual([['a'], ['a']]);
    });
    expect(box.runs).toBe(1);
  });

  it.each(two)('is refused with %j where that job is of another request; both are named', async (options) => {
    const gate = openGate();
    const [a, b] = [asking('a', 'other'), asking('b', 'other')];
    await temporal.withWorker(answering(gate).activities, async () => {
      const first = await jobs.start(a);
      const refusal: unknown = await jobs.start(b, options).catch((error: unknown) => error);
      expect(refusal).toMatchObject({
        code: 'AlreadyExists',
        detail: expect.stringMatching(
          /^job `model-inference-other-local` is running another request: inputs\[0\]\.value is "a" there and "b" here \(request [0-9a-f]{12} there, [0-9a-f]{12} here\): give this request an `id` of its own$/,
        ) as string,
        details: { jobId: 'model-inference-other-local', field: 'inputs[0].value' },
      });
      const { requestDigest, otherRequestDigest } = (refusal as { details: Record<string, string> }).details;
      expect(requestDigest).not.toBe(otherRequestDigest);
      gate.open();
      expect(await outputsOf(first)).toEqual(['a']);
    });
  });

  it('is refused where it may not take it', async () => {
    const request = asking('a');
    const gate = openGate();
    await temporal.withWorker(answering(gate).activities, async () => {
      const first = await jobs.start(request);
      for (const options of [{}, { idReuse: 'reject' }] as const) {
        await expect(jobs.start(request, options)).rejects.toMatchObject({ code: 'AlreadyExists' });
      }
      gate.open();
      await first.result();
    });
  });
});

describe('a request whose id is that of a job which has ended', () => {
  it('runs anew by default, is refused with `reject`, and gets the old result with `return`', async () => {
    const request = asking('a');
    const box = answering();
    await temporal.withWorker(box.activities, async () => {
      const first = await jobs.execute(request, { idReuse: 'reject' });
      const refusal = jobs.execute(request, { idReuse: 'reject', join: true });
      await expect(refusal).rejects.toMatchObject({
        code: 'AlreadyExists',
        message: expect.stringContaining('has succeeded already') as string,
      });
      expect(await jobs.execute(request, { idReuse: 'return' })).toEqual(first);
      expect(box.runs).toBe(1);
      await jobs.execute(request);
      expect(box.runs).toBe(2);
    });
  });

  it('is refused with `return` where that job was of another request', async () => {
    const [a, b] = [asking('a', 'ended'), asking('b', 'ended')];
    await temporal.withWorker(answering().activities, async () => {
      await jobs.execute(a);
      await expect(jobs.execute(b, { idReuse: 'return' })).rejects.toMatchObject({
        code: 'AlreadyExists',
        message: expect.stringContaining('has succeeded with another request') as string,
      });
      expect((await jobs.execute(b)).output?.['outputs']).toEqual(['b']);
    });
  });

  it('runs again with `return` where that job has no result', async () => {
    const request = asking('a');
    await temporal.withWorker({ ...fakeActivities(), runInference: untilAborted }, async () => {
      const cancelled = await jobs.start(request);
      await cancelled.cancel();
      await expect(cancelled.result()).rejects.toMatchObject({ code: 'Cancelled' });
      const other = { ...request, inputs: [] };
      await expect(jobs.start(other, { idReuse: 'return' })).rejects.toMatchObject({ code: 'AlreadyExists' });
    });
    await temporal.withWorker(answering().activities, async () => {
      expect((await jobs.execute(request, { idReuse: 'return' })).output?.['outputs']).toEqual(['a']);
    });
  });

  it('may not be dealt with in a way that nobody knows', async () => {
    const options = { idReuse: 'sometimes' } as unknown as StartOptions;
    await expect(jobs.start(asking('a'), options)).rejects.toThrow(
      'idReuse: expected one of "allow", "reject", "return", received "sometimes"',
    );
  });
});

describe('many clients at once with one id', () => {
  it('compute one request once', async () => {
    const request = asking('a');
    const box = answering();
    await temporal.withWorker(box.activities, async () => {
      const results = await Promise.all(Array.from({ length: 8 }, () => jobs.execute(request, { idReuse: 'return' })));
      expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    });
    expect(box.runs).toBe(1);
  });

  it('each get their own answer or a refusal, never that of another', async () => {
    const model = `m-${randomUUID()}`;
    const gate = openGate();
    await temporal.withWorker(answering(gate).activities, async () => {
      const started = await Promise.allSettled(
        ['a', 'b', 'c'].map((value) => jobs.start(asking(value, model), { join: true })),
      );
      gate.open();
      expect(started.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const [at, one] of started.entries()) {
        if (one.status === 'fulfilled') expect(await outputsOf(one.value)).toEqual([['a', 'b', 'c'][at]]);
        else expect(one.reason).toMatchObject({ code: 'AlreadyExists' });
      }
    });
  });
});
