import { describe, expect, it } from 'vitest';
import {
  closeTo,
  referenceCases,
  referenceModel,
  unitsOf,
  type ReferenceModel,
} from '../../../helpers/text-references.js';
import type { JsonValue } from '../../../../planner/index.js';

type Parameters = Record<string, JsonValue>;

interface Placed {
  score: number;
  start: number;
  end: number;
}

/** Cases of one model together: it is loaded once. */
function byModel<T extends ReferenceModel>(cases: readonly T[]): T[][] {
  const names = new Set(cases.map(({ model }) => model));
  return [...names].map((name) => cases.filter(({ model }) => model === name));
}

function inUnits<T extends Placed>(text: string, found: T): T {
  const unit = unitsOf(text);
  return { ...found, start: unit(found.start), end: unit(found.end) };
}

describe('against what Python answers with the same files', () => {
  it('texts are embedded, by every pooling and with the steps that follow', async () => {
    type Case = ReferenceModel & {
      pooling?: Record<string, boolean | number>;
      max_seq_length?: number | null;
      inputs: string[];
      vectors: number[][];
    };
    const cases = await referenceCases<Case>('text_embedding');
    expect(cases.length).toBeGreaterThan(10);
    for (const { pooling, max_seq_length: length, inputs, vectors, ...model } of cases) {
      const { run } = await referenceModel('text_embedding', model, {
        ...(pooling && { '1_Pooling/config.json': pooling }),
        ...(length && { 'sentence_bert_config.json': { max_seq_length: length } }),
      });
      const texts = inputs.map((text) => (text === 'word *10000' ? 'word '.repeat(10_000) : text));
      const found = (await run(texts, { normalize: false })) as Float32Array[];
      expect(found.map((vector) => Array.from(vector))).toEqual(closeTo(vectors));
    }
  });

  it('texts are classified', async () => {
    type Case = ReferenceModel & { inputs: string[]; answers: object[] };
    for (const { inputs, answers, ...model } of await referenceCases<Case>('text_classification')) {
      const { run } = await referenceModel('text_classification', model);
      expect(await run(inputs, { top_k: null })).toEqual(closeTo(answers));
    }
  });

  it('labels that an input brings along are weighed, whatever the text’s length', async () => {
    type Case = ReferenceModel & { text: string; labels: string[]; parameters: Parameters; answer: object };
    for (const cases of byModel(await referenceCases<Case>('zero_shot_classification'))) {
      const { run } = await referenceModel('zero_shot_classification', cases[0]!);
      for (const { text, labels, parameters, answer } of cases) {
        expect(await run([{ text, labels }], parameters)).toEqual([closeTo({ sequence: text, ...answer })]);
      }
    }
  });

  it('documents are scored, whatever the lengths of query and document', async () => {
    type Case = ReferenceModel & { query: string; documents: string[]; scores: number[] };
    for (const cases of byModel(await referenceCases<Case>('reranking'))) {
      const { run } = await referenceModel('reranking', cases[0]!);
      for (const { query, documents, scores } of cases) {
        expect(await run([{ query, documents }])).toEqual([closeTo({ scores })]);
      }
    }
  });

  it('questions are answered, with places in the context', async () => {
    type Answer = Placed & { answer: string };
    type Case = ReferenceModel & {
      question: string;
      context: string;
      parameters: Parameters;
      answer: Answer | Answer[];
    };
    for (const cases of byModel(await referenceCases<Case>('question_answering'))) {
      const { run } = await referenceModel('question_answering', cases[0]!);
      for (const { question, context, parameters, answer } of cases) {
        const [found] = await run([{ question, context }], parameters);
        // Answers of no probability stand at the end of short lists; Python has one at no place.
        const wanted = [answer].flat().filter(({ score }) => score > 1e-9);
        const got = [found as unknown as Answer].flat().slice(0, wanted.length);
        expect(got, JSON.stringify([context, parameters])).toEqual(closeTo(wanted.map((one) => inUnits(context, one))));
        for (const { start, end, answer: text } of got) expect(context.slice(start, end)).toBe(text);
      }
    }
  });

  it('entities are found, with their places, by every strategy', async () => {
    type Entity = Placed & { word: string };
    type Case = ReferenceModel & { text: string; parameters: Parameters; answer: Entity[] };
    for (const cases of byModel(await referenceCases<Case>('token_classification'))) {
      const { run } = await referenceModel('token_classification', cases[0]!);
      for (const { text, parameters, answer } of cases) {
        const [found] = (await run([text], parameters)) as unknown as [Entity[]];
        // Python decodes words of words twice, so that blanks and letters beyond ASCII are lost.
        const isLost = ({ word }: Entity): boolean =>
          cases[0]!.tokenizer !== 'wordpiece' && (/[^ -~]/.test(word) || 'aggregation_strategy' in parameters);
        const wanted = answer.map((entity, at) => ({
          ...inUnits(text, entity),
          word: isLost(entity) ? found[at]?.word : entity.word,
        }));
        expect(found, JSON.stringify([cases[0]!.model, text, parameters])).toEqual(closeTo(wanted));
      }
    }
  });
});
