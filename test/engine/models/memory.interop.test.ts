import { describe, expect, it } from 'vitest';
import type { RuntimeConfig } from '../../../engine/models/contract/config.js';
import type { JobOptions } from '../../../planner/index.js';
import { modelBox, runtimeFixture } from '../../helpers/model.js';

const wall =
  /took \d+ MB of memory while running one input on `hungry` and was ended: this worker's models may take 300/;

/** The watch needs what Linux tells of processes. */
const onLinux = describe.runIf(process.platform === 'linux');

onLinux('an input for which a model takes more memory than there is', () => {
  it('has failed with ResourceLimit after three tries, not one that was beside it', async () => {
    const box = await hungryBox();
    const inputs = Array.from({ length: 12 }, (_, at) => (at === 7 ? 'take 600' : 'take 20'));
    const error = await box.infer(inputs, { batch: { batchSize: 12 } }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      type: 'ResourceLimit',
      nonRetryable: true,
      message: expect.stringMatching(/^inputs\[7\]: .*MODEL_JOBS_MODEL_MEMORY_MB; tried 3 times$/) as string,
      details: [{ problems: [{ path: 'inputs[7]' }], details: { code: 'ResourceLimit', tries: 3 } }],
    });
    expect(String(error)).toMatch(wall);
    expect(await box.infer(['hello'])).toHaveLength(1);
  });

  it.each([
    ['in a program that it started', 'start 600'],
    ['in a program that has left it', 'leave 600'],
  ])('%s has failed as well', async (_, input) => {
    const box = await hungryBox();
    const failed = box.infer([input], { inputTries: 1 });
    await expect(failed).rejects.toMatchObject({ message: expect.stringMatching(wall) as string });
  });

  it('is noticed while the worker is busy', async () => {
    const box = await hungryBox();
    await box.infer(['hello']);
    const failed = box.infer(['take 30000'], { inputTries: 1 });
    failed.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const until = performance.now() + 1500;
    while (performance.now() < until);
    await expect(failed).rejects.toSatisfy((error) => {
      const [, taken] = /took (\d+) MB/.exec(String(error)) ?? [];
      return Number(taken) < 1000;
    });
  });

  it('may have it when idle models have made room', async () => {
    const box = await hungryBox({ memoryBytes: 500e6 });
    await box.infer(['hello'], { name: 'idle', keep: 150 });
    expect(await box.infer(['take 250'])).toHaveLength(1);
  });
});

onLinux('a model that takes more memory than there is', () => {
  it('when it loads is one failure', async () => {
    const box = await hungryBox();
    await expect(box.infer(['hello'], { keep: 600 })).rejects.toMatchObject({
      type: 'ResourceLimit',
      nonRetryable: true,
      message: expect.stringMatching(
        /^the model's process took \d+ MB of memory while loading `hungry` and was/,
      ) as string,
    });
  });

  it('than was thought loads when idle models have made room', async () => {
    const box = await hungryBox({ memoryBytes: 450e6 });
    await box.infer(['hello'], { name: 'idle', keep: 150 });
    expect(await box.infer(['hello'], { keep: 250 })).toHaveLength(1);
  });
});

/** The model's name and what it keeps from its load on, in megabytes; and the request's options. */
interface HungryOptions extends Partial<JobOptions> {
  name?: string;
  keep?: number;
}

async function hungryBox(runtime: Partial<RuntimeConfig> = {}) {
  const modules = { hungry: runtimeFixture('hungry') };
  const box = await modelBox('model', { modules, memoryBytes: 300e6, processes: 1, ...runtime });
  const infer = async (inputs: string[], { name = 'hungry', keep = 0, ...options }: HungryOptions = {}) => {
    const request = box.request('Inference', {
      spec: {
        name: 'hungry',
        task: { custom: name },
        source: { kind: 'local_path', path: box.folder },
        files: [],
        metadata: { keep: String(keep) },
      },
      backend: { custom: 'hungry' },
      inputs: inputs.map((value) => ({ kind: 'json', value })),
      options,
    });
    return (await box.run((input) => box.activities.runInference(input), request)).outputs ?? [];
  };
  return { ...box, infer };
}
