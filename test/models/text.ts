import { encodeGraph, integers, matrix, node, oneHot, tensor } from './graph.js';
import type { ModelFiles } from './index.js';
import { idOf, tokenizerFiles, words } from './words.js';

const ids = tensor('input_ids', 'int64', ['batch', 'sequence']);
const mask = tensor('attention_mask', 'int64', ['batch', 'sequence']);
const types = tensor('token_type_ids', 'int64', ['batch', 'sequence']);

/** Each word is a vector of its own; special tokens are zeros, so that they have nothing in common with a word. */
const wordVectors = matrix(
  'table',
  oneHot(words.length, words.length, (id) => (id < 4 ? -1 : id)),
);

/** Vectors of tokens: the word's own, and a tenth of the word's number in each place, so that no two texts are alike. */
export function embedder(): ModelFiles {
  const table = words.map((_, id) => [Math.sin(id), Math.cos(id), Math.sin(3 * id), id / words.length]);
  return {
    ...tokenizerFiles('BertTokenizer'),
    'config.json': { architectures: ['BertModel'], model_type: 'bert' },
    'onnx/model.onnx': encodeGraph({
      nodes: [node('Gather', ['table', 'input_ids'], ['last_hidden_state'], { axis: 0 })],
      constants: [matrix('table', table)],
      inputs: [ids, mask, types],
      outputs: [tensor('last_hidden_state', 'float32', ['batch', 'sequence', 4])],
    }),
  };
}

/**
 * Says how good and how bad a text is, by counting both words.
 *
 * @param broken a word that makes it say NaN
 */
export function classifier(broken?: string): ModelFiles {
  const table = oneHot(words.length, 2, (id) => [idOf('bad'), idOf('good')].indexOf(id));
  if (broken !== undefined) table[idOf(broken)] = [NaN, NaN];
  return {
    ...tokenizerFiles('BertTokenizer'),
    'config.json': { model_type: 'bert', id2label: { 0: 'BAD', 1: 'GOOD' }, label2id: { BAD: 0, GOOD: 1 } },
    'onnx/model.onnx': encodeGraph({
      nodes: [
        node('Gather', ['table', 'input_ids'], ['counts'], { axis: 0 }),
        node('ReduceSum', ['counts', 'sequence_axis'], ['logits'], { keepdims: 0 }),
      ],
      constants: [matrix('table', table), integers('sequence_axis', [1])],
      inputs: [ids, mask, types],
      outputs: [tensor('logits', 'float32', ['batch', 2])],
    }),
  };
}

/** Finds a person and two towns by their names. */
export function entityFinder(): ModelFiles {
  const label = (id: number) => (id === idOf('ada') ? 1 : [idOf('paris'), idOf('london')].includes(id) ? 2 : 0);
  const table = oneHot(words.length, 3, label).map((row) => row.map((value) => value * 5));
  return {
    ...tokenizerFiles('BertTokenizer'),
    'config.json': { model_type: 'bert', id2label: { 0: 'O', 1: 'B-PER', 2: 'B-LOC' } },
    'onnx/model.onnx': encodeGraph({
      nodes: [node('Gather', ['table', 'input_ids'], ['logits'], { axis: 0 })],
      constants: [matrix('table', table)],
      inputs: [ids, mask, types],
      outputs: [tensor('logits', 'float32', ['batch', 'sequence', 3])],
    }),
  };
}

/** Answers every question with a number from the context. */
export function questionAnswerer(): ModelFiles {
  const table = oneHot(words.length, 1, (id) => ([idOf('seven'), idOf('three')].includes(id) ? 0 : -1));
  const logits = (name: string) => tensor(name, 'float32', ['batch', 'sequence']);
  return {
    ...tokenizerFiles('BertTokenizer'),
    'config.json': { model_type: 'bert' },
    'onnx/model.onnx': encodeGraph({
      nodes: [
        node('Gather', ['table', 'input_ids'], ['column'], { axis: 0 }),
        node('Squeeze', ['column', 'last_axis'], ['numbers']),
        node('Mul', ['numbers', 'scale'], ['start_logits']),
        node('Mul', ['numbers', 'scale'], ['end_logits']),
      ],
      constants: [matrix('table', table), matrix('scale', [[9]]), integers('last_axis', [2])],
      inputs: [ids, mask, types],
      outputs: [logits('start_logits'), logits('end_logits')],
    }),
  };
}

/** Scores how many words the two halves of a pair share. */
export function crossEncoder(): ModelFiles {
  return {
    ...tokenizerFiles('BertTokenizer'),
    'config.json': { model_type: 'bert', id2label: { 0: 'LABEL_0' } },
    'onnx/model.onnx': pairGraph([[1]]),
  };
}

/** A pair entails its second half as far as they share words. */
export function entailment(): ModelFiles {
  const id2label = { 0: 'contradiction', 1: 'neutral', 2: 'entailment' };
  return {
    ...tokenizerFiles('BertTokenizer'),
    'config.json': { model_type: 'bert', id2label, label2id: { contradiction: 0, neutral: 1, entailment: 2 } },
    'onnx/model.onnx': pairGraph([[0, 0, 1]]),
  };
}

/** The dot product of the two halves' sums of word vectors, times these weights. */
function pairGraph(weights: number[][]): Uint8Array {
  return encodeGraph({
    nodes: [
      node('Gather', ['table', 'input_ids'], ['vectors'], { axis: 0 }),
      node('Cast', ['token_type_ids'], ['types'], { to: 1 }),
      node('Unsqueeze', ['types', 'last_axis'], ['in_second']),
      node('Sub', ['one', 'in_second'], ['in_first']),
      node('Mul', ['vectors', 'in_first'], ['first_words']),
      node('Mul', ['vectors', 'in_second'], ['second_words']),
      node('ReduceSum', ['first_words', 'sequence_axis'], ['first'], { keepdims: 0 }),
      node('ReduceSum', ['second_words', 'sequence_axis'], ['second'], { keepdims: 0 }),
      node('Mul', ['first', 'second'], ['shared']),
      node('ReduceSum', ['shared', 'sequence_axis'], ['overlap'], { keepdims: 1 }),
      node('MatMul', ['overlap', 'weights'], ['logits']),
    ],
    constants: [
      wordVectors,
      matrix('weights', weights),
      { name: 'one', shape: [], values: Float32Array.of(1) },
      integers('last_axis', [2]),
      integers('sequence_axis', [1]),
    ],
    inputs: [ids, mask, types],
    outputs: [tensor('logits', 'float32', ['batch', weights[0]!.length])],
  });
}
