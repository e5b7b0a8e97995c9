import { describe, expect, it } from 'vitest';
import { runtime } from '../../../../engine/runtimes/heuristic/runtime.js';
import { runOnce } from '../../../helpers/runtime.js';

describe('sentiment by lexicon', () => {
  const labelsOf = async (texts: readonly string[]) => {
    const outputs = await runOnce(runtime, 'text_classification', texts);
    return outputs.map((output) => (output as { label: string }).label);
  };

  it('tells praise from blame, phrases included', async () => {
    const texts = [
      'I love this, it is wonderful',
      'a terrible, broken mess',
      'I am fed up with it',
      'What a GAME-CHANGING idea',
    ];
    expect(await labelsOf(texts)).toEqual(['POSITIVE', 'NEGATIVE', 'NEGATIVE', 'POSITIVE']);
  });

  it.each([
    ['not bad at all', 'POSITIVE'],
    ['I do not like it', 'NEGATIVE'],
    ["I don't like it", 'NEGATIVE'],
    ['I don’t like it', 'NEGATIVE'],
    ['no problem', 'POSITIVE'],
    ["I can't stand it", 'NEGATIVE'],
    // A negation ends with its clause.
    ['It is not mine. Great!', 'POSITIVE'],
    ['Not mine but great', 'POSITIVE'],
    // And reaches three words.
    ['not one two three great', 'POSITIVE'],
    ['not one two great', 'NEGATIVE'],
  ])('reads `%s` as %s', async (text, label) => {
    expect(await labelsOf([text])).toEqual([label]);
  });

  it('is as sure as the words are strong, and undecided without any', async () => {
    const texts = ['good', 'outstanding', 'outstanding, superb, breathtaking', 'The meeting is on Tuesday', '', '東京'];
    const outputs = (await runOnce(runtime, 'text_classification', texts)) as { score: number }[];
    const scores = outputs.map(({ score }) => score);
    expect(scores.slice(0, 3)).toEqual([...scores.slice(0, 3)].sort());
    expect(scores[2]).toBeLessThanOrEqual(1);
    expect(scores.slice(3)).toEqual([0.5, 0.5, 0.5]);
  });

  it('answers as a pipeline does: the best label, or a list where top_k asks for more', async () => {
    expect(await runOnce(runtime, 'text_classification', ['bad', { text: 'good' }])).toEqual([
      { label: 'NEGATIVE', score: expect.any(Number) as number },
      { label: 'POSITIVE', score: expect.any(Number) as number },
    ]);
    for (const top_k of [2, 5, null]) {
      const [output] = await runOnce(runtime, 'text_classification', ['good'], { top_k });
      expect(output).toMatchObject([{ label: 'POSITIVE' }, { label: 'NEGATIVE' }]);
      expect((output as { score: number }[]).reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 12);
    }
  });
});

describe('zero-shot classification by stems', () => {
  const input = { text: 'A political debate about taxes', labels: ['sports', 'politics', 'cooking'] };

  it('ranks the labels, whose scores add up to 1', async () => {
    const [output] = await runOnce(runtime, 'zero_shot_classification', [input]);
    const { sequence, labels, scores } = output as { sequence: string; labels: string[]; scores: number[] };
    expect(sequence).toBe(input.text);
    expect(labels).toEqual(['politics', 'sports', 'cooking']);
    expect(scores.reduce((sum, score) => sum + score)).toBeCloseTo(1, 12);
    expect(scores[0]).toBeGreaterThan(0.8);
  });

  it('scores each label for itself with multi_label', async () => {
    const both = { text: input.text, candidate_labels: ['debate', 'political debate'] };
    const [output] = await runOnce(runtime, 'zero_shot_classification', [both], { multi_label: true });
    expect(output).toMatchObject({ scores: [1, 1] });
  });
});

describe('token classification by patterns', () => {
  const find = async (text: string) => {
    const [output] = await runOnce(runtime, 'token_classification', [text]);
    return (output as { entity: string; word: string }[]).map(({ entity, word }) => `${entity} ${word}`);
  };

  it('finds e-mail addresses, URLs, dates and numbers', async () => {
    const text =
      'Mail a.b+c@exämple.co.uk (see https://x.org/y?q=1) on 2024-01-02 10:00, 3 March 2021, May 5, 2020 or 12.05.2020: 1,200.50 or -3%.';
    expect(await find(text)).toEqual([
      'EMAIL a.b+c@exämple.co.uk',
      'URL https://x.org/y?q=1',
      'DATE 2024-01-02 10:00',
      'DATE 3 March 2021',
      'DATE May 5, 2020',
      'DATE 12.05.2020',
      'NUMBER 1,200.50',
      'NUMBER -3%',
    ]);
  });

  it('takes no part of a word for an entity', async () => {
    expect(await find('x86 and B2B, v1.2beta; no @ mail')).toEqual([]);
  });

  it('says where each is, as offsets and as the number of the word', async () => {
    const text = '🙂 pay 12 now';
    const [output] = await runOnce(runtime, 'token_classification', [text]);
    expect(output).toEqual([{ entity: 'NUMBER', score: 1, index: 3, word: '12', start: 7, end: 9 }]);
    expect(text.slice(7, 9)).toBe('12');
    const [grouped] = await runOnce(runtime, 'token_classification', [text], { aggregation_strategy: 'simple' });
    expect(grouped).toEqual([{ entity_group: 'NUMBER', score: 1, word: '12', start: 7, end: 9 }]);
  });

  it.each(['a'.repeat(1e6), 'a.b@'.repeat(2e5), '1.'.repeat(4e5), 'http://.'.repeat(1e5), '-'.repeat(1e6)])(
    'is soon done with a text made to be slow',
    async (text) => {
      const startedAt = performance.now();
      await find(text);
      expect(performance.now() - startedAt).toBeLessThan(5000);
    },
  );
});
