import { encodeGraph, floats, integers, matrix, node, tensor } from './graph.js';
import type { ModelFiles } from './index.js';

/** Samples a second that the models take, and samples of one of their frames. */
const rate = 16_000;
const frame = 320;

const samples = tensor('input_values', 'float32', ['batch', 'samples']);

const processor = {
  'preprocessor_config.json': {
    feature_extractor_type: 'Wav2Vec2FeatureExtractor',
    sampling_rate: rate,
    do_normalize: false,
    feature_size: 1,
    padding_value: 0,
  },
};

/** Hears whether a recording is loud: the mean of its samples without their signs, against a tenth. */
export function loudnessClassifier(): ModelFiles {
  return {
    ...processor,
    'config.json': {
      model_type: 'wav2vec2',
      architectures: ['Wav2Vec2ForSequenceClassification'],
      id2label: { 0: 'quiet', 1: 'loud' },
    },
    'onnx/model.onnx': encodeGraph({
      nodes: [
        node('Abs', ['input_values'], ['sizes']),
        node('ReduceMean', ['sizes'], ['mean'], { axes: [1], keepdims: 1 }),
        node('MatMul', ['mean', 'weights'], ['scaled']),
        node('Add', ['scaled', 'bias'], ['logits']),
      ],
      constants: [matrix('weights', [[0, 100]]), floats('bias', [2], [10, 0])],
      inputs: [samples],
      outputs: [tensor('logits', 'float32', ['batch', 2])],
    }),
  };
}

/** Vectors of frames: how much of each of three tones is in them. */
export function toneEmbedder(): ModelFiles {
  return {
    ...processor,
    'config.json': { model_type: 'wav2vec2', architectures: ['Wav2Vec2Model'] },
    'onnx/model.onnx': toneGraph('last_hidden_state', [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]),
  };
}

/** Reads tones as letters: 400 Hz is an A, 800 Hz a B, 1200 Hz the space between words, and silence is nothing. */
export function toneReader(): ModelFiles {
  const letters = { '<pad>': 0, '|': 1, A: 2, B: 3 };
  return {
    ...processor,
    'preprocessor_config.json': { ...processor['preprocessor_config.json'], processor_class: 'Wav2Vec2Processor' },
    'config.json': { model_type: 'wav2vec2', architectures: ['Wav2Vec2ForCTC'] },
    'tokenizer_config.json': {
      tokenizer_class: 'Wav2Vec2CTCTokenizer',
      pad_token: '<pad>',
      word_delimiter_token: '|',
    },
    'tokenizer.json': {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: [
        {
          id: 0,
          content: '<pad>',
          special: false,
          single_word: false,
          lstrip: false,
          rstrip: false,
          normalized: false,
        },
      ],
      normalizer: null,
      pre_tokenizer: { type: 'Split', pattern: { Regex: '' }, behavior: 'Isolated', invert: false },
      post_processor: null,
      decoder: { type: 'CTC', pad_token: '<pad>', word_delimiter_token: '|', cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: '<pad>',
        continuing_subword_prefix: '',
        max_input_chars_per_word: 100,
        vocab: letters,
      },
    },
    'onnx/model.onnx': toneGraph(
      'logits',
      [
        [0, 0, 1, 0],
        [0, 0, 0, 1],
        [0, 1, 0, 0],
      ],
      [10, 0, 0, 0],
    ),
  };
}

/** The power of 400, 800 and 1200 Hz in each frame of 20 ms, times these weights. */
function toneGraph(output: string, weights: number[][], bias = weights[0]!.map(() => 0)): Uint8Array {
  const wave = (frequency: number, turn: number) =>
    Array.from({ length: frame }, (_, at) => Math.cos((2 * Math.PI * frequency * at) / rate + turn));
  const tones = [400, 800, 1200];
  const kernels = [0, Math.PI / 2].flatMap((turn) => tones.map((frequency) => wave(frequency, turn)));
  return encodeGraph({
    nodes: [
      node('Unsqueeze', ['input_values', 'channel_axis'], ['channel']),
      node('Conv', ['channel', 'kernels'], ['waves'], { strides: [frame], kernel_shape: [frame] }),
      node('Mul', ['waves', 'waves'], ['powers']),
      node('Transpose', ['powers'], ['frames'], { perm: [0, 2, 1] }),
      node('MatMul', ['frames', 'weights'], ['weighted']),
      node('Add', ['weighted', 'bias'], [output]),
    ],
    constants: [
      integers('channel_axis', [1]),
      floats('kernels', [kernels.length, 1, frame], kernels.flat()),
      matrix('weights', [...weights, ...weights]),
      floats('bias', [bias.length], bias),
    ],
    inputs: [samples],
    outputs: [tensor(output, 'float32', ['batch', 'frames', bias.length])],
  });
}
