import { describe, expect, it } from 'vitest';
import { ModelJobError, type JsonValue, type ModelTask } from '../../../../planner/index.js';
import { countTruncated } from '../../../../engine/datasets/rows-out/count-truncated.js';
import { linesOfRows } from '../../../../engine/datasets/run/row-lines.js';
import { finiteOutput } from '../../../../engine/models/host/finite.js';
import { referenceModel } from '../../../helpers/text-references.js';
import { onnxModel } from '../../../helpers/onnx-model.js';
import { clip } from '../../../models/clip.js';
import { embedder } from '../../../models/text.js';

const bert = { model: 'embed-bert', tokenizer: 'wordpiece' };
const long = 'Ada lives in Paris and works in London. '.repeat(12);

describe('an input that is longer than the model takes', () => {
  it('is cut, and told so beside the output', async () => {
    const { run, metadata, tokens } = await referenceModel('text_embedding', bert);
    await run([long.slice(0, long.length / 12), long]);
    expect(tokens).toEqual([2 + 192 / 12, 48]);
    expect(metadata[0]).toBeUndefined();
    expect(metadata[1]).toEqual({ truncated: { tokens: 194, kept: 48 } });
  });

  it('is the error of that input where it is to be refused', async () => {
    const { run } = await referenceModel('text_embedding', bert);
    const [short, refused] = await run(['a short one', long], { truncation: 'refuse' });
    expect(short).toBeInstanceOf(Float32Array);
    expect(refused).toBeInstanceOf(ModelJobError);
    expect((refused as ModelJobError).message).toContain('194 tokens, more than the model takes (48)');
  });

  it.each<[ModelTask, string, JsonValue]>([
    ['text_embedding', 'embed-bert', long],
    ['text_classification', 'classify-bert', long],
    ['token_classification', 'ner-bert', long],
    ['zero_shot_classification', 'entail-bert', { text: long, labels: ['a city', 'weather'] }],
  ])('%s is read in windows where that is asked for', async (task, model, input) => {
    const { run, metadata } = await referenceModel(task, { model, tokenizer: 'wordpiece' });
    const [cut] = await run([input]);
    expect(metadata).toHaveLength(1);
    const [whole] = await run([input], { truncation: 'windows', stride: 8 });
    expect(metadata).toHaveLength(0);
    expect(whole).not.toBeInstanceOf(ModelJobError);
    expect(whole).not.toEqual(cut);
    expect(await run([input], { stride: 8 })).toEqual([whole]);
  });

  it('has the mean of its windows as its vector', async () => {
    const { run } = await referenceModel('text_embedding', bert, {
      'sentence_bert_config.json': { max_seq_length: 6 },
    });
    const [whole] = (await run(['a b c d e f g h'], { stride: 0, normalize: false })) as [Float32Array];
    const parts = (await run(['a b c d', 'e f g h'], { normalize: false })) as [Float32Array, Float32Array];
    whole.forEach((value, at) => expect(value).toBeCloseTo((parts[0][at]! + parts[1][at]!) / 2, 6));
  });
});

describe('a text beside images that is longer than the model takes', () => {
  const files = { ...clip(), 'config.json': { model_type: 'clip', text_config: { max_position_embeddings: 6 } } };
  const [red, blue] = ['red '.repeat(4), 'blue '.repeat(4)];

  it('is cut, and told so', async () => {
    const { model, folder } = await onnxModel('multimodal_embedding', files);
    const metadata: unknown[] = [];
    const annotate = (at: number, told: unknown): void => void (metadata[at] = told);
    const { signal } = new AbortController();
    const options = { parameters: {}, folder, addFile: () => undefined, annotate, signal };
    expect(await model.run([red, red + blue], options)).toEqual([vector(1, 0, 0), vector(1, 0, 0)]);
    expect(metadata).toEqual([undefined, { truncated: { tokens: 10, kept: 6 } }]);
  });

  it('is its own error, or the mean of its windows, where that is asked for', async () => {
    const { run } = await onnxModel('multimodal_embedding', files);
    expect(await run([red, red + blue], { truncation: 'refuse' })).toEqual([
      vector(1, 0, 0),
      expect.objectContaining({
        message: expect.stringContaining('10 tokens, more than the model takes (6)') as string,
      }),
    ]);
    expect(await run([red + blue], { stride: 0 })).toEqual([vector(Math.SQRT1_2, 0, Math.SQRT1_2)]);
  });

  function vector(...values: number[]): unknown {
    return Float32Array.from(values);
  }
});

describe('what was told of rows', () => {
  it('stands in their lines, where it is counted', () => {
    const rows = ['"a"', '"b"', '{"metadata":{"truncated":{}},"output":1}'].map((text, at) => ({
      text,
      file: '/in.jsonl',
      place: at + 1,
    }));
    const lines = linesOfRows(
      { rows, indexOf: (at) => at, keep: '*' },
      {
        outputs: ['1', '{"metadata":{"truncated":1}}', '3'],
        vectors: [],
        customIds: ['a', null, null],
        metadata: new Map([[0, { truncated: { tokens: 9, kept: 4 } }]]),
        errors: [],
        files: [],
      },
    );
    expect(lines[0]).toBe(
      '{"index":0,"custom_id":"a","metadata":{"truncated":{"tokens":9,"kept":4}},"input":"a","output":1}',
    );
    expect(countTruncated(Buffer.from(`${lines.join('\n')}\n`))).toBe(1);
  });
});

describe('a number that is none', () => {
  it.each([
    [{ label: 'A', score: NaN }, '`score`'],
    [[{ scores: [1, Infinity] }], '`[0].scores[1]`'],
    [Float32Array.of(0, NaN), '`[1]`'],
  ])('%o is the error of its input', (output, place) => {
    expect((finiteOutput(output) as ModelJobError).message).toContain(`NaN or an infinity: ${place}`);
  });

  it('does not trouble numbers', () => {
    const output = { a: [1, -0, 'NaN', null, true] };
    expect(finiteOutput(output)).toBe(output);
  });
});

describe('a graph', () => {
  it.each(['model_qint8_avx512', 'model_O3', 'my_own'])('may be %s.onnx', async (name) => {
    const { 'onnx/model.onnx': graph, ...files } = embedder();
    const { run } = await onnxModel('text_embedding', { ...files, [`onnx/${name}.onnx`]: graph! });
    expect(await run(['cat'])).toEqual(await (await onnxModel('text_embedding')).run(['cat']));
  });
});
