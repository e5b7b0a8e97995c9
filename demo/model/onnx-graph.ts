import { encodeOnnxModel, type OnnxConstant, type OnnxNode } from './onnx-proto.js';
import type { VocabularyEntry } from './vocabulary.js';

/** Half a point of valence is one unit of the logits: a single "good" (3) gives 0.82, "wonderful" (4) 0.88. */
const scale = 0.5;

/** How many words before a word may negate it, so that "not a very good …" still counts. */
const negationReach = 3;

/**
 * The classifier as an ONNX model: each word's weights are looked up, a negated word changes sides, and the
 * words that are not padding are summed.
 *
 * Inputs `input_ids` and `attention_mask`, int64 [batch, sequence]; output `logits`, float32 [batch, 2],
 * negative first.
 */
export function encodeSentimentModel(vocabulary: VocabularyEntry[]): Uint8Array {
  return encodeOnnxModel('model-jobs', {
    name: 'afinn-sentiment',
    nodes: [...lookUp(), ...findNegated(), ...changeSides(), ...sum()],
    constants: constants(vocabulary),
    inputs: [
      { name: 'input_ids', element: 'int64', shape: ['batch', 'sequence'] },
      { name: 'attention_mask', element: 'int64', shape: ['batch', 'sequence'] },
    ],
    outputs: [{ name: 'logits', element: 'float32', shape: ['batch', 2] }],
  });
}

/** To three columns [batch, sequence, 1]; padding becomes zero. */
function lookUp(): OnnxNode[] {
  return [
    node('Gather', ['weights', 'input_ids'], ['words'], { axis: 0 }),
    node('Cast', ['attention_mask'], ['mask'], { to: 1 }),
    node('Unsqueeze', ['mask', 'last_axis'], ['mask_column']),
    node('Mul', ['words', 'mask_column'], ['seen']),
    node('Split', ['seen'], ['negative', 'positive', 'negator'], { axis: 2 }),
  ];
}

/**
 * 1 where the word itself or one just before it is a negator: a maximum over a window that ends at the word.
 * Negators have no valence of their own, so that they may lie in their own window.
 */
function findNegated(): OnnxNode[] {
  return [
    node('Transpose', ['negator'], ['negator_row'], { perm: [0, 2, 1] }),
    node('MaxPool', ['negator_row'], ['negated_row'], {
      kernel_shape: [negationReach + 1],
      pads: [negationReach, 0],
    }),
    node('Transpose', ['negated_row'], ['negated'], { perm: [0, 2, 1] }),
  ];
}

function changeSides(): OnnxNode[] {
  return [
    node('Sub', ['positive', 'negative'], ['difference']),
    node('Mul', ['difference', 'negated'], ['moved']),
    node('Add', ['negative', 'moved'], ['negative_side']),
    node('Sub', ['positive', 'moved'], ['positive_side']),
  ];
}

function sum(): OnnxNode[] {
  return [
    node('Concat', ['negative_side', 'positive_side'], ['sides'], { axis: 2 }),
    node('ReduceSum', ['sides', 'sequence_axis'], ['valence'], { keepdims: 0 }),
    node('Mul', ['valence', 'scale'], ['logits']),
  ];
}

function constants(vocabulary: VocabularyEntry[]): OnnxConstant[] {
  const rows = vocabulary.flatMap(({ negative, positive, negates }) => [negative, positive, negates ? 1 : 0]);
  return [
    { name: 'weights', shape: [vocabulary.length, 3], values: Float32Array.from(rows) },
    { name: 'scale', shape: [], values: Float32Array.of(scale) },
    integers('sequence_axis', [1]),
    integers('last_axis', [2]),
  ];
}

function integers(name: string, values: number[]): OnnxConstant {
  return { name, shape: [values.length], values: BigInt64Array.from(values.map(BigInt)) };
}

function node(type: string, inputs: string[], outputs: string[], attributes?: OnnxNode['attributes']): OnnxNode {
  return { type, inputs, outputs, ...(attributes && { attributes }) };
}
