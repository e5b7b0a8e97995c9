import { execFileSync } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RuntimeConfig } from '../../../engine/models/contract/config.js';
import type { ModelAccessJobRequestInput } from '../../../planner/index.js';
import { modelBox, runtimeFixture } from '../../helpers/model.js';

describe('a model runs apart from its worker:', () => {
  it('in as many processes as there is work for, each of which computes', async () => {
    const box = await oddBox({ processes: 2 });
    const pids = await box.infer(Array.from({ length: 60 }, () => 'burn'));
    expect(new Set(pids).size).toBe(2);
    expect(pids).not.toContain(process.pid);
  });

  it('and the worker’s event loop stays free while all cores compute', async () => {
    const box = await oddBox({ processes: 2 });
    await box.infer(['warm']);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await box.infer(Array.from({ length: 60 }, () => 'burn'));
    delay.disable();
    expect(delay.percentile(99) / 1e6).toBeLessThan(50);
  });

  it.each([
    [
      'a segmentation fault',
      'crash',
      /^inputs\[0\]: the model's process ended \(SIGSEGV\) while running one input on `odd`; tried 3 times$/,
    ],
    ['an abort', 'abort', /process ended \(SIGABRT, perhaps out of memory\)/],
    ['an exit', 'exit', /process ended \(exit code 3\)/],
  ])('%s fails the input after its tries, and the next job has a fresh process', async (_, input, message) => {
    const box = await oddBox();
    const [before] = await box.infer(['hello']);
    await expect(box.infer([input])).rejects.toMatchObject({
      type: 'Failed',
      nonRetryable: true,
      message: expect.stringMatching(message) as string,
    });
    const [after] = await box.infer(['hello']);
    expect(after).not.toBe(before);
    expect(isAlive(Number(before))).toBe(false);
  });

  it('one that hangs costs its whole time twice, and the failure names the input', async () => {
    const box = await oddBox({ timeoutMs: 1500 });
    await box.infer(['hello']);
    const startedAt = Date.now();
    await expect(box.infer(['hello', 'hang'])).rejects.toMatchObject({
      type: 'Failed',
      nonRetryable: true,
      message:
        "inputs[1]: the model's process did not answer for 2 s and was ended while running one input on `odd`; " +
        'tried 2 times',
      details: [{ problems: [{ path: 'inputs[1]' }], details: { code: 'TimedOut', tries: 2 } }],
    });
    expect(Date.now() - startedAt).toBeLessThan(6000);
    expect(await box.infer(['hello'])).toHaveLength(1);
  });

  it('one that dies while it loads fails the job after three tries, with its last words', async () => {
    const box = await oddBox();
    await expect(box.infer(['hello'], { load: 'crash' })).rejects.toMatchObject({
      type: 'Failed',
      nonRetryable: true,
      message: expect.stringMatching(/ended \(exit code 9\) while loading `odd`: loading odd; tried 3 times/) as string,
    });
  });

  it('what a model throws for one input is final', async () => {
    const box = await oddBox();
    await expect(box.infer(['hello', 'throw'])).rejects.toMatchObject({
      type: 'Failed',
      nonRetryable: true,
      message: 'inputs[1]: it does not want to',
    });
  });

  it.each([
    ['obeys', 'sleep', 1000],
    ['does not obey', 'hang', 4000],
  ])('a cancel stops the computation within five seconds, of a model that %s', async (_, input, most) => {
    const box = await oddBox();
    const [pid] = await box.infer(['hello']);
    const running = box.start([input]);
    await sleep(200);
    const cancelledAt = Date.now();
    running.cancel();
    await expect(running).rejects.toMatchObject({ name: 'CancelledFailure' });
    expect(Date.now() - cancelledAt).toBeLessThan(most);
    expect(isAlive(Number(pid))).toBe(input === 'sleep');
  });

  it('a job that waits for its turn goes on when the one before is cancelled', async () => {
    const box = await oddBox({ processes: 1 });
    await box.infer(['hello']);
    const first = box.start(['hang']);
    await sleep(100);
    const second = box.start(['hello']);
    await sleep(100);
    first.cancel();
    await expect(first).rejects.toMatchObject({ name: 'CancelledFailure' });
    expect(await second).toMatchObject({ inputCount: 1 });
  });

  it('and without the secrets of the worker’s environment', async () => {
    const box = await oddBox();
    process.env['TEST_SECRET_TOKEN'] = 'secret';
    const [pid] = await box.infer(['hello']);
    delete process.env['TEST_SECRET_TOKEN'];
    const environment = execFileSync('cat', [`/proc/${Number(pid)}/environ`], { encoding: 'utf8' });
    expect(environment).toContain('PATH=');
    expect(environment).not.toContain('TEST_SECRET_TOKEN');
  });
});

describe('the models of a worker', () => {
  it('are unloaded where memory is short, the one that was used longest ago first', async () => {
    const box = await oddBox({ memoryBytes: 450e6, processes: 1 });
    const [a] = await box.infer(['hello'], { name: 'a' });
    const [b] = await box.infer(['hello'], { name: 'b' });
    expect((await box.infer(['hello'], { name: 'a' }))[0]).toBe(a);
    for (const name of ['c', 'd', 'e', 'f']) await box.infer(['hello'], { name });
    expect(isAlive(Number(b))).toBe(false);
  });

  it('that need more than all of it are refused with the setting’s name', async () => {
    const box = await oddBox({ memoryBytes: 10e6 });
    await expect(box.infer(['hello'])).rejects.toMatchObject({
      type: 'ResourceLimit',
      nonRetryable: true,
      message: expect.stringContaining('MODEL_JOBS_MODEL_MEMORY_MB') as string,
    });
  });

  it('end with the worker', async () => {
    const box = await oddBox();
    const [pid] = await box.infer(['hello']);
    await box.close();
    expect(isAlive(Number(pid))).toBe(false);
  });
});

async function oddBox(runtime: Partial<RuntimeConfig> = {}) {
  const box = await modelBox('model', { modules: { odd: runtimeFixture('misbehaving') }, ...runtime });
  const start = (inputs: string[], { load = '', name = 'odd' } = {}) => {
    const spec: ModelAccessJobRequestInput['spec'] = {
      name: 'odd',
      task: { custom: name },
      source: { kind: 'local_path', path: box.folder },
      files: [],
      metadata: { load },
    };
    const values = inputs.map((value) => ({ kind: 'json', value }));
    // One input a batch, so that it is known which one was run.
    const options = { batch: { batchSize: 1 } };
    const request = box.request('Inference', { spec, backend: { custom: 'odd' }, inputs: values, options });
    return box.run((input) => box.activities.runInference(input), request);
  };
  return { ...box, start, infer: async (...args: Parameters<typeof start>) => (await start(...args)).outputs ?? [] };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
