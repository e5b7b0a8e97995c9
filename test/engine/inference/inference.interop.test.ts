import { readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelBox } from '../../helpers/model.js';

const json = (value: unknown) => ({ kind: 'json', value });
const labels = (outputs: unknown) => (outputs as { label: string }[][]).flat().map(({ label }) => label);

describe('an inference', () => {
  it('answers each input in its order', async () => {
    const { run, activities, request } = await modelBox();
    const inputs = ['I love this, it is wonderful', 'a terrible, broken mess', 'wonderful'].map(json);
    const facts = await run((input) => activities.runInference(input), request('Inference', { inputs }));
    expect(labels(facts.outputs)).toEqual(['POSITIVE', 'NEGATIVE', 'POSITIVE']);
    expect(facts.inputCount).toBe(3);
  });

  it('keeps its outputs in a file with its size and hash', async () => {
    const { run, activities, request, folder } = await modelBox();
    const inputs = [json('love')];
    const { artifact, outputs } = await run(
      (input) => activities.runInference(input),
      request('Inference', { inputs }),
    );
    const path = join(folder, 'home/jobs/job/output.json');
    expect(artifact).toMatchObject({ uri: `file://${await realpath(path)}`, sizeBytes: (await stat(path)).size });
    expect(artifact.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(outputs);
  });

  it('keeps many outputs in the file alone', async () => {
    const { run, activities, request } = await modelBox();
    const inputs = Array.from({ length: 6000 }, () => json('love'));
    const running = run((input) => activities.runInference(input), request('Inference', { inputs }));
    expect(await running).toMatchObject({ inputCount: 6000, outputs: null });
    expect(running.progress.at(-1)).toMatchObject({ completed: 6000, total: 6000, unit: 'inputs' });
  });

  it('reads rows, values and text from files', async () => {
    const { run, activities, request, folder } = await modelBox();
    await writeFile(join(folder, 'rows.jsonl'), '{"custom_id":"a","input":"love"}\n\n"hate"\n');
    await writeFile(join(folder, 'value.json'), '{"text":"wonderful"}');
    await writeFile(join(folder, 'text.txt'), 'a terrible mess');
    const inputs = ['rows.jsonl', 'value.json', 'text.txt'].map((name) => ({
      kind: 'localPath',
      value: join(folder, name),
    }));
    const facts = await run((input) => activities.runInference(input), request('Inference', { inputs }));
    expect(labels(facts.outputs)).toEqual(['POSITIVE', 'NEGATIVE', 'POSITIVE', 'NEGATIVE']);
  });

  it('passes the request’s parameters to the pipeline', async () => {
    const { run, activities, request } = await modelBox();
    const options = { parameters: { top_k: 2 } };
    const facts = await run(
      (input) => activities.runInference(input),
      request('Inference', { inputs: [json('love')], options }),
    );
    expect(labels(facts.outputs)).toEqual(['POSITIVE', 'NEGATIVE']);
  });

  it('names the input that is bad', async () => {
    const { run, activities, request } = await modelBox();
    const inputs = [json('love'), json(7)];
    await expect(
      run((input) => activities.runInference(input), request('Inference', { inputs })),
    ).rejects.toMatchObject({
      type: 'InvalidArgument',
      nonRetryable: true,
      message: expect.stringContaining('inputs[1]: expected a string') as string,
    });
  });

  it('stops soon after it is cancelled', async () => {
    const { run, activities, request } = await modelBox();
    const inputs = Array.from({ length: 9000 }, () => json('I love this, it is wonderful '.repeat(20)));
    const running = run((input) => activities.runInference(input), request('Inference', { inputs }));
    const done = (): number => running.progress.findLast(({ unit }) => unit === 'inputs')?.completed ?? 0;
    await expect.poll(done, { timeout: 20_000 }).toBeGreaterThan(0);
    running.cancel();
    await expect(running).rejects.toMatchObject({ name: 'CancelledFailure' });
    expect(done()).toBeLessThan(9000);
  });
});

describe('a model that can’t be run is one clear failure:', () => {
  const inputs = [json('love')];
  it.each([
    [
      'a backend with no runtime',
      'model',
      { backend: { custom: 'unheard' } },
      'MissingDependency',
      /backend `unheard` has no runtime/,
    ],
    ['a bundle that is not there', 'nowhere', { options: { autoDownload: false } }, 'NotFound', /model/],
  ])('%s', async (_, model, overrides, type, message) => {
    const { run, activities, request } = await modelBox(model);
    const failing = run((input) => activities.runInference(input), request('Inference', { inputs, ...overrides }));
    await expect(failing).rejects.toMatchObject({ type, message: expect.stringMatching(message) as string });
  });

  it('a bundle without its tokenizer, and nothing is asked of the network', async () => {
    const { run, activities, request } = await modelBox();
    const spec = request('Inference', { inputs }).spec;
    const files = spec.files.filter((file) => !('required' in file && file.required === 'tokenizer.json'));
    const fetches: unknown[] = [];
    const realFetch = globalThis.fetch;
    globalThis.fetch = (input) => {
      fetches.push(input);
      return Promise.reject(new Error('there is no network'));
    };
    try {
      await expect(
        run((input) => activities.runInference(input), request('Inference', { inputs, spec: { ...spec, files } })),
      ).rejects.toMatchObject({
        type: 'Failed',
        nonRetryable: true,
        message: expect.stringContaining("can't be loaded") as string,
      });
    } finally {
      globalThis.fetch = realFetch;
    }
    expect(fetches).toEqual([]);
  });
});

describe('a warmup', () => {
  it('loads the model once for all who want it', async () => {
    const { run, activities, request } = await modelBox();
    const warm = () => run((input) => activities.warmRuntime(input), request('Warmup'));
    const facts = await Promise.all([warm(), warm(), warm()]);
    expect(facts.filter(({ alreadyLoaded }) => alreadyLoaded)).toHaveLength(2);
    expect(facts[0]).toMatchObject({ firstRunMs: expect.any(Number) as number, sample: expect.any(String) as string });
    const inference = await run(
      (input) => activities.runInference(input),
      request('Inference', { inputs: [json('love')] }),
    );
    expect(inference.loadMs).toBe(0);
  });

  it('loads a bundle that was made again', async () => {
    const { run, activities, request, folder } = await modelBox();
    await run((input) => activities.warmRuntime(input), request('Warmup'));
    await rm(join(folder, 'home/bundles'), { recursive: true });
    await writeFile(join(folder, 'model/tokenizer_config.json'), '{"tokenizer_class":"PreTrainedTokenizerFast"}');
    const again = await run((input) => activities.warmRuntime(input), request('Warmup'));
    expect(again.alreadyLoaded).toBe(false);
  });
});
