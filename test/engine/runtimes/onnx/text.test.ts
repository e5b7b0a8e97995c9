import { describe, expect, it } from 'vitest';
import { onnxModel } from '../../../helpers/onnx-model.js';
import { embedder } from '../../../models/text.js';

const close = (value: number) => expect.closeTo(value, 5) as number;

describe('text classification', () => {
  it('gives the best label of each text', async () => {
    const { outputs } = await onnxModel('text_classification');
    expect(await outputs(['good music', { text: 'a bad bad cat' }, ''])).toMatchObject([
      { label: 'GOOD', score: close(1 / (1 + Math.exp(-1))) },
      { label: 'BAD', score: close(1 / (1 + Math.exp(-2))) },
      { score: close(0.5) },
    ]);
  });

  it('gives as many labels as are asked for', async () => {
    const { outputs } = await onnxModel('text_classification');
    for (const top_k of [2, 9, null]) {
      const [labels] = await outputs(['good'], { top_k });
      expect(labels).toMatchObject([{ label: 'GOOD' }, { label: 'BAD' }]);
    }
  });

  it('names a parameter that is wrong', async () => {
    const { run } = await onnxModel('text_classification');
    await expect(run(['good'], { top_k: 'all' })).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('top_k: expected number, received "all"') as string,
    });
  });
});

describe('token classification', () => {
  it('finds the entities of each text', async () => {
    const { outputs } = await onnxModel('token_classification');
    expect(await outputs(['Ada lives in Paris.', 'a cat'])).toMatchObject([
      [
        { entity: 'B-PER', word: 'ada', index: 1 },
        { entity: 'B-LOC', word: 'paris', index: 4 },
      ],
      [],
    ]);
  });

  it('joins the tokens of one entity where that is asked for', async () => {
    const { outputs } = await onnxModel('token_classification');
    const [entities] = await outputs(['Ada'], { aggregation_strategy: 'simple' });
    expect(entities).toMatchObject([{ entity_group: 'PER', word: 'ada' }]);
  });
});

describe('zero-shot classification', () => {
  it('orders the labels of each text by how well they fit', async () => {
    const { outputs } = await onnxModel('zero_shot_classification');
    const [sports, music] = await outputs([
      { text: 'sports', labels: ['music', 'sports'] },
      { text: 'music', candidate_labels: ['music', 'sports'] },
    ]);
    expect(sports).toMatchObject({ sequence: 'sports', labels: ['sports', 'music'] });
    expect(music).toMatchObject({
      labels: ['music', 'sports'],
      scores: [close(1 / (1 + Math.exp(-1))), close(0.26894)],
    });
  });
});

describe('question answering', () => {
  it('answers with words of the context', async () => {
    const { outputs } = await onnxModel('question_answering');
    const question = 'How many cats?';
    expect(
      await outputs([
        { question, context: 'seven cats' },
        { question, context: 'cats: three' },
      ]),
    ).toMatchObject([{ answer: 'seven' }, { answer: 'three' }]);
  });
});

describe('summarization', () => {
  it('writes a text for each text', async () => {
    const { outputs } = await onnxModel('summarization');
    expect(await outputs(['the cat sat on the mat', { text: 'good music' }])).toEqual([
      { summary_text: 'mat' },
      { summary_text: 'music' },
    ]);
  });
});

describe('reranking', () => {
  const query = 'the cat sat';

  it('scores the documents of a query in their order', async () => {
    const { outputs } = await onnxModel('reranking');
    const documents = ['a dog runs fast', 'the cat', 'the cat sat on the mat'];
    const sigmoid = (value: number) => close(1 / (1 + Math.exp(-value)));
    expect(
      await outputs([
        { query, documents },
        { query, document: 'cat' },
      ]),
    ).toEqual([{ scores: [sigmoid(0), sigmoid(2), sigmoid(4)] }, { score: sigmoid(1) }]);
  });

  it('gives the model’s own numbers where they are asked for', async () => {
    const { outputs } = await onnxModel('reranking');
    expect(await outputs([{ query, documents: ['cat', 'dog'] }], { raw_scores: true })).toEqual([{ scores: [1, 0] }]);
  });

  it('scores more documents than one call of the model takes', async () => {
    const { outputs } = await onnxModel('reranking');
    const documents = Array.from({ length: 100 }, (_, at) => 'cat '.repeat(at % 7));
    const [{ scores }] = (await outputs([{ query: 'cat', documents }], { raw_scores: true })) as [{ scores: number[] }];
    expect(scores).toEqual(documents.map((_, at) => at % 7));
  });
});

describe('text embedding', () => {
  it('gives a vector of length 1 for each text, whatever its batch', async () => {
    const { run } = await onnxModel('text_embedding');
    const texts = ['cat', 'the cat sat on the mat', '', 'ä 猫 🐈', 'x', 'seven '.repeat(5000)];
    const together = (await run(texts)) as Float32Array[];
    for (const [at, text] of texts.entries()) {
      const [alone] = (await run([{ text }])) as Float32Array[];
      expect(alone).toBeInstanceOf(Float32Array);
      expect(Math.hypot(...alone!)).toBeCloseTo(1, 6);
      alone!.forEach((value, place) => expect(value).toBeCloseTo(together[at]![place]!, 6));
    }
  });

  it('cuts a text where the tokenizer says', async () => {
    const { run } = await onnxModel('text_embedding');
    const [long, longer] = (await run(['cat '.repeat(40), `${'cat '.repeat(40)}dog`])) as Float32Array[];
    expect(longer).toEqual(long);
  });

  it('pools as the request says, else as the bundle does', async () => {
    const asked = await onnxModel('text_embedding');
    const files = { ...embedder(), '1_Pooling/config.json': { pooling_mode_cls_token: true } };
    const told = await onnxModel('text_embedding', files);
    const vector = async ({ run }: typeof asked, parameters = {}) =>
      (await run(['cat'], parameters))[0] as Float32Array;
    const mean = await vector(asked);
    const cls = await vector(asked, { pooling: 'cls' });
    const last = await vector(asked, { pooling: 'last_token' });
    expect(new Set([mean, cls, last].map(String)).size).toBe(3);
    expect(await vector(told)).toEqual(cls);
    expect(Math.hypot(...(await vector(asked, { normalize: false })))).not.toBeCloseTo(1, 3);
  });

  it('gives the same numbers each time', async () => {
    const [first, second] = await Promise.all([onnxModel('text_embedding'), onnxModel('text_embedding')]);
    expect(await first.run(['the cat', 'a dog'])).toEqual(await second.run(['the cat', 'a dog']));
  });

  it('gives nothing for nothing', async () => {
    const { run } = await onnxModel('text_embedding');
    expect(await run([])).toEqual([]);
  });
});
