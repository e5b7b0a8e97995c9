import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { env, pipeline, type TextClassificationPipeline } from '@huggingface/transformers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildModel } from '../../demo/model/build.js';

const models = fileURLToPath(new URL('../../demo/model/', import.meta.url));
const committed = join(models, 'afinn-sentiment');

describe('the repository of the demo model', () => {
  let rebuilt: string;

  beforeAll(async () => {
    rebuilt = await mkdtemp(join(tmpdir(), 'demo-model-'));
    await buildModel(rebuilt);
  });

  afterAll(() => rm(rebuilt, { recursive: true }));

  it('holds exactly the files that its script writes', async () => {
    expect(await filesOf(committed)).toEqual(await filesOf(rebuilt));
  });

  it('is rebuilt byte for byte', async () => {
    for (const path of await filesOf(rebuilt)) {
      const [before, after] = await Promise.all([readFile(join(committed, path)), readFile(join(rebuilt, path))]);
      expect(before.equals(after), path).toBe(true);
    }
  });

  it('is smaller than 1 MB', async () => {
    const sizes = await Promise.all(
      (await filesOf(committed)).map(async (path) => (await stat(join(committed, path))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_000_000);
  });

  it('gives each token an id of its own', async () => {
    const { vocab_size } = (await readJson('config.json')) as { vocab_size: number };
    const { model } = (await readJson('tokenizer.json')) as { model: { vocab: Record<string, number> } };
    expect(new Set(Object.values(model.vocab)).size).toBe(vocab_size);
  });
});

describe('the demo model', () => {
  let classify: TextClassificationPipeline;

  beforeAll(async () => {
    env.allowRemoteModels = false;
    env.localModelPath = models;
    classify = await pipeline('text-classification', 'afinn-sentiment', { dtype: 'fp32' });
  });

  afterAll(() => classify.dispose());

  it.each([
    ['I love this, it is wonderful', 'POSITIVE'],
    ['a terrible, broken mess', 'NEGATIVE'],
  ])('is sure about "%s"', async (text, label) => {
    const [answer] = await scores([text]);
    expect(answer!.label).toBe(label);
    expect(answer!.score).toBeGreaterThan(0.9);
  });

  it.each([
    ['this is good', 'POSITIVE'],
    ['this is not good', 'NEGATIVE'],
    ['this isn’t a very good idea', 'NEGATIVE'],
    ["it wasn't bad", 'POSITIVE'],
    ['I CAN’T stand it', 'NEGATIVE'],
    ['we are fed up', 'NEGATIVE'],
    ['a once-in-a-lifetime view', 'POSITIVE'],
  ])('reads negations and phrases: "%s" is %s', async (text, label) => {
    const [answer] = await scores([text]);
    expect(answer!.label).toBe(label);
    expect(answer!.score).toBeGreaterThan(0.6);
  });

  it.each(['The train leaves at nine from the second track.', 'kind of blue', '???', ''])(
    'has no opinion about "%s"',
    async (text) => {
      const [answer] = await scores([text]);
      expect(answer!.score).toBeCloseTo(0.5, 5);
    },
  );

  it('gives a text the same score alone and padded in a batch', async () => {
    const texts = ['good', 'I love this, it is wonderful', 'The weather was bad, '.repeat(30), 'not'];
    const alone = await Promise.all(texts.map(async (text) => (await scores([text]))[0]!));
    const together = await scores(texts);
    together.forEach((answer, index) => {
      expect(answer.label).toBe(alone[index]!.label);
      expect(answer.score).toBeCloseTo(alone[index]!.score, 6);
    });
  });

  it('cuts a text of thousands of words', async () => {
    const [answer] = await scores(['a happy '.repeat(5000)]);
    expect(answer).toMatchObject({ label: 'POSITIVE' });
  });

  async function scores(texts: string[]): Promise<{ label: string; score: number }[]> {
    return await classify(texts);
  }
});

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(join(committed, path), 'utf8'));
}
