import { encodeGraph, floats, matrix, node, oneHot, tensor } from './graph.js';
import type { ModelFiles } from './index.js';
import { tokenizerFiles, words } from './words.js';

const ends = 3;

/**
 * An encoder and a decoder that sum a text up in one word: the one that stands latest in the list of words. The
 * decoder begins with padding, and every word but padding is followed by the end.
 */
export function summarizer(): ModelFiles {
  return {
    ...tokenizerFiles('T5Tokenizer'),
    'config.json': {
      architectures: ['T5ForConditionalGeneration'],
      model_type: 't5',
      is_encoder_decoder: true,
      decoder_start_token_id: 0,
      pad_token_id: 0,
      eos_token_id: ends,
      vocab_size: words.length,
      num_layers: 1,
      num_decoder_layers: 1,
      num_heads: 1,
      d_kv: 1,
    },
    'generation_config.json': { decoder_start_token_id: 0, pad_token_id: 0, eos_token_id: ends, max_new_tokens: 8 },
    'onnx/encoder_model.onnx': encoder(),
    'onnx/decoder_model_merged.onnx': decoder(),
  };
}

/** Each token as a vector that names its word. */
function encoder(): Uint8Array {
  return encodeGraph({
    nodes: [node('Gather', ['table', 'input_ids'], ['last_hidden_state'], { axis: 0 })],
    constants: [
      matrix(
        'table',
        oneHot(words.length, words.length, (id) => (id < 4 ? -1 : id)),
      ),
    ],
    inputs: [
      tensor('input_ids', 'int64', ['batch', 'sequence']),
      tensor('attention_mask', 'int64', ['batch', 'sequence']),
    ],
    outputs: [tensor('last_hidden_state', 'float32', ['batch', 'sequence', words.length])],
  });
}

function decoder(): Uint8Array {
  const afterWord = words.map((_, id) => words.map((__, next) => (id !== 0 && next === ends ? 1000 : 0)));
  return encodeGraph({
    nodes: [
      node('ReduceMax', ['encoder_hidden_states'], ['seen'], { axes: [1], keepdims: 1 }),
      node('Mul', ['seen', 'salience'], ['salient']),
      node('Gather', ['after_word', 'input_ids'], ['follows'], { axis: 0 }),
      node('Add', ['salient', 'follows'], ['logits']),
    ],
    constants: [
      matrix('after_word', afterWord),
      floats(
        'salience',
        [words.length],
        words.map((_, id) => id),
      ),
    ],
    inputs: [
      tensor('input_ids', 'int64', ['batch', 'steps']),
      tensor('encoder_hidden_states', 'float32', ['batch', 'sequence', words.length]),
    ],
    outputs: [tensor('logits', 'float32', ['batch', 'steps', words.length])],
  });
}
