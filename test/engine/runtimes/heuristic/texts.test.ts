import { describe, expect, it } from 'vitest';
import { runtime } from '../../../../engine/runtimes/heuristic/runtime.js';
import { runOnce } from '../../../helpers/runtime.js';

describe('embeddings of hashed n-grams', () => {
  const embed = async (texts: readonly string[], parameters = {}) =>
    (await runOnce(runtime, 'text_embedding', texts, parameters)) as Float32Array[];
  const cosine = (left: Float32Array, right: Float32Array): number =>
    left.reduce((sum, value, index) => sum + value * right[index]!, 0);

  const odd = [
    '',
    ' ',
    '!!!',
    '🙂',
    'x',
    'the',
    '東京は日本の首都です',
    'مرحبا بالعالم',
    'e\u0301',
    'word '.repeat(2000),
  ];

  it('are vectors of 384 numbers and length 1, whatever the text', async () => {
    for (const vector of await embed(odd)) {
      expect(vector).toBeInstanceOf(Float32Array);
      expect(vector).toHaveLength(384);
      expect(cosine(vector, vector)).toBeCloseTo(1, 5);
    }
  });

  it('have as many dimensions as the parameters ask for', async () => {
    const [vector] = await embed(['some text'], { dimensions: 64 });
    expect(vector).toHaveLength(64);
    expect(cosine(vector!, vector!)).toBeCloseTo(1, 5);
  });

  it('are the same each time, and for one text in two Unicode forms', async () => {
    const [first, second] = [await embed(['Café and 東京']), await embed(['Cafe\u0301 and 東京'])];
    expect(first).toEqual(second);
  });

  it('are the same on every machine and version', async () => {
    const [vector] = await embed(['red cars'], { dimensions: 16 });
    expect(Array.from(vector!, (value) => Math.round(value * 1e4) / 1e4)).toEqual([
      -0.1667, -0.3333, 0, 0, 0, 0, 0, 0.1667, 0.3333, 0.5556, 0, 0.5556, 0, -0.2778, -0.1667, 0,
    ]);
  });

  it.each([
    ['The cat sat on the mat', 'A cat is sitting on a mat', 'Stock markets fell sharply today'],
    ['日本の首都は東京です', '東京は日本の首都', '今日は天気がいい'],
    ['red cars', 'a red car', 'a blue boat'],
  ])('bring like texts together: `%s`', async (text, like, other) => {
    const [a, b, c] = await embed([text, like, other]);
    expect(cosine(a!, b!)).toBeGreaterThan(cosine(a!, c!) + 0.1);
  });
});

describe('extractive summaries', () => {
  const text =
    'Bridges carry roads over water. It rained on Monday. Old bridges need care, for water wears the stones of bridges. ' +
    'My cat is grey. Roads without bridges end at the water. Lunch was late.';

  it('are the sentences with the most of the frequent words, in order', async () => {
    const [output] = await runOnce(runtime, 'summarization', [text]);
    expect(output).toEqual({
      summary_text: 'Bridges carry roads over water. Old bridges need care, for water wears the stones of bridges.',
    });
  });

  it('keep to the number of sentences and words that the parameters name', async () => {
    const lengthOf = async (parameters: Record<string, number>) => {
      const [output] = await runOnce(runtime, 'summarization', [text], parameters);
      return (output as { summary_text: string }).summary_text.split(/(?<=\.) /).length;
    };
    expect(await lengthOf({ sentences: 4 })).toBe(4);
    expect(await lengthOf({ sentences: 99 })).toBe(6);
    expect(await lengthOf({ sentences: 4, max_new_tokens: 12 })).toBeLessThan(4);
  });

  it('know the sentences of other languages, and give back what is one sentence or none', async () => {
    const texts = ['猫は好きです。犬も好きです。猫と犬は友達です。', 'One sentence only', ''];
    const outputs = (await runOnce(runtime, 'summarization', texts)) as { summary_text: string }[];
    expect(outputs[0]!.summary_text).toMatch(/^[^。]+。$/);
    expect(outputs.slice(1)).toEqual([{ summary_text: 'One sentence only' }, { summary_text: '' }]);
  });
});

describe('reranking by BM25', () => {
  it('puts documents with more and rarer words of the query first', async () => {
    const documents = ['the blue sky', 'red cars are fast cars', 'a red sky', ''];
    const [output] = await runOnce(runtime, 'reranking', [{ query: 'Red CARS', documents }]);
    const { scores } = output as { scores: number[] };
    expect(scores[1]).toBeGreaterThan(scores[2]!);
    expect(scores[2]).toBeGreaterThan(0);
    expect([scores[0], scores[3]]).toEqual([0, 0]);
  });

  it('scores one document by one number', async () => {
    const [output, none] = await runOnce(runtime, 'reranking', [
      { query: 'red', document: 'a red sky' },
      { query: 'red', document: 'blue' },
    ]);
    expect((output as { score: number }).score).toBeGreaterThan(0);
    expect(none).toEqual({ score: 0 });
  });
});

describe('question answering by sentences', () => {
  const context = 'Anna lives in Cork. The bridge was built by Bob Murphy in 1990. It rained.';

  it('answers with the sentence that shares the most with the question', async () => {
    const [output] = await runOnce(runtime, 'question_answering', [{ question: 'Who built the bridge?', context }]);
    expect(output).toEqual({ answer: 'The bridge was built by Bob Murphy in 1990.', score: 1 });
  });

  it('gives as many answers as top_k asks for', async () => {
    const input = { question: 'Who built the bridge in Cork?', context };
    const [output] = await runOnce(runtime, 'question_answering', [input], { top_k: 2 });
    expect((output as { answer: string }[]).map(({ answer }) => answer)).toEqual([
      'The bridge was built by Bob Murphy in 1990.',
      'Anna lives in Cork.',
    ]);
  });
});
