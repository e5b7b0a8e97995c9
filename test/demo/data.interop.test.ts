import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { env, pipeline } from '@huggingface/transformers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildSentences, sentenceCount } from '../../demo/data/build.js';

const demo = fileURLToPath(new URL('../../demo/', import.meta.url));
const committed = await readFile(join(demo, 'data/sentences.jsonl'));
const rows = committed
  .toString('utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { custom_id: string; input: string });

describe('the demo data set', () => {
  it('is rebuilt byte for byte', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'demo-data-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await buildSentences(join(folder, 'new/sentences.jsonl'));
    expect((await readFile(join(folder, 'new/sentences.jsonl'))).equals(committed)).toBe(true);
  });

  it('is smaller than 500 KB', () => {
    expect(committed.length).toBeLessThan(500_000);
  });

  it('has one input and an id of its own in each row', () => {
    expect(rows).toHaveLength(sentenceCount);
    expect(new Set(rows.map((row) => row.custom_id)).size).toBe(sentenceCount);
    expect(new Set(rows.map((row) => row.input)).size).toBe(sentenceCount);
    expect(rows.filter((row) => Object.keys(row).join() !== 'custom_id,input')).toEqual([]);
  });

  it('has texts of 5 to 30 words that begin with a capital, end with a mark and have no slot left', () => {
    const unfit = rows.filter(({ input }) => {
      const words = input.split(' ').length;
      return words < 5 || words > 30 || !/^[A-Z].*[.!?]$/.test(input) || /[{}]|\ba [aeio]| {2}/.test(input);
    });
    expect(unfit).toEqual([]);
  });

  it('mixes positive, negative and neutral texts, a fifth of each at least', async () => {
    env.allowRemoteModels = false;
    env.localModelPath = join(demo, 'model');
    const classify = await pipeline('text-classification', 'afinn-sentiment', { dtype: 'fp32' });
    onTestFinished(() => classify.dispose());
    const answers = (await classify(rows.map((row) => row.input))) as { label: string; score: number }[];
    const moods = answers.map(({ label, score }) => (score < 0.6 ? 'NEUTRAL' : label));
    for (const mood of ['POSITIVE', 'NEGATIVE', 'NEUTRAL']) {
      expect(moods.filter((found) => found === mood).length, mood).toBeGreaterThan(sentenceCount / 5);
    }
  });
});
