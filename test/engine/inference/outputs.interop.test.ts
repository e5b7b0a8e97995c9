import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelBox, runtimeFixture } from '../../helpers/model.js';

const json = (value: unknown) => ({ kind: 'json', value });

describe('outputs', () => {
  it('are one NumPy array of all vectors where the request says so, and keep their precision', async () => {
    const { infer, folder } = await vectorBox();
    const { outputs, artifact } = await infer({ outputFormat: 'npy' }, ['a', 'abc']);
    expect(outputs).toBeNull();
    expect(artifact).toMatchObject({ kind: 'binary', mediaType: 'application/x-npy' });
    const file = await readFile(join(folder, 'home/jobs/job/output.npy'));
    expect(artifact.sha256).toBe(createHash('sha256').update(file).digest('hex'));
    expect(file.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
    const start = 10 + file.readUInt16LE(8);
    expect(start % 64).toBe(0);
    expect(file.subarray(10, start).toString()).toContain("'shape': (2, 4)");
    const numbers: number[] = Array.from({ length: 8 }, (_, at) => file.readFloatLE(start + at * 4));
    expect(numbers).toEqual([1, 1, 1, 1, 3, 3, 3, 3].map((length) => Math.fround(length + 0.1)));
  });

  it('are the same numbers as JSON', async () => {
    const { infer } = await vectorBox();
    const { outputs } = await infer({}, ['abc']);
    expect(outputs).toEqual([Array(4).fill(Math.fround(3.1))]);
  });

  it('that are no vectors can’t be a NumPy array: the first input is named', async () => {
    const { run, activities, request } = await modelBox();
    const options = { outputFormat: 'npy' };
    await expect(
      run((input) => activities.runInference(input), request('Inference', { inputs: [json('love')], options })),
    ).rejects.toMatchObject({ type: 'InvalidArgument', message: 'inputs[0]: the output is no vector of numbers' });
  });
});

describe('a warmup', () => {
  it('is evidence: the sample, what it gave, what was loaded and how long all of it took', async () => {
    const { run, activities, request, folder } = await modelBox();
    const warm = (value: string) =>
      run((input) => activities.warmRuntime(input), request('Warmup', { inputs: [json(value)] }));
    const facts = await warm('I love this');
    const manifest = await readFile(join(folder, 'home/bundles/afinn/main/manifest.json'), 'utf8');
    expect(facts).toMatchObject({
      sample: 'I love this',
      alreadyLoaded: false,
      bundleDigest: (JSON.parse(manifest) as { digest: string }).digest,
      processes: 2,
    });
    expect(facts.memoryBytes).toBeGreaterThan(50e6);
    expect(facts.firstRunMs).toBeGreaterThan(0);
    const again = await warm('I love this');
    expect(again).toMatchObject({ alreadyLoaded: true, outputDigest: facts.outputDigest });
    expect((await warm('a terrible mess')).outputDigest).not.toBe(facts.outputDigest);
    const inference = await run(
      (input) => activities.runInference(input),
      request('Inference', { inputs: Array.from({ length: 500 }, () => json('love')) }),
    );
    expect(inference).toMatchObject({ alreadyLoaded: true, loadMs: 0 });
  });
});

describe('a model that can’t be had', () => {
  it('has a heuristic stand in for it where the request says so, and the result says which and why', async () => {
    const { run, activities, request } = await modelBox('nowhere');
    const options = { fallback: 'fast_fallback', parameters: { stride: 8, top_k: 1 } };
    const facts = await run(
      (input) => activities.runInference(input),
      request('Inference', { inputs: [json('wonderful')], options }),
    );
    expect(facts).toMatchObject({
      outputs: [{ label: 'POSITIVE' }],
      fallback: { used: 'heuristic', reason: expect.stringContaining('not found') as string, ignored: ['stride'] },
    });
  });

  it('is a failure for a bad input all the same', async () => {
    const { run, activities, request } = await modelBox();
    const options = { fallback: 'heuristic_fallback' };
    await expect(
      run((input) => activities.runInference(input), request('Inference', { inputs: [json(7)], options })),
    ).rejects.toMatchObject({ type: 'InvalidArgument' });
  });
});

async function vectorBox() {
  const box = await modelBox('model', { modules: { vectors: runtimeFixture('vectors') } });
  const infer = (options: Record<string, unknown>, inputs: string[]) =>
    box.run(
      (input) => box.activities.runInference(input),
      box.request('Inference', {
        backend: { custom: 'vectors' },
        spec: {
          name: 'vectors',
          task: 'text_embedding',
          source: { kind: 'local_path', path: box.folder },
          files: [],
        },
        inputs: inputs.map(json),
        options,
      }),
    );
  return { ...box, infer };
}
