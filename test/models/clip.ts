import { encodeGraph, integers, matrix, node, oneHot, tensor } from './graph.js';
import type { ModelFiles } from './index.js';
import { imageProcessor } from './vision.js';
import { idOf, tokenizerFiles, words } from './words.js';

/** Texts and images in a space of three colors: words by how often they name them, images by how much they have. */
export function clip(): ModelFiles {
  const colors = ['red', 'green', 'blue'].map(idOf);
  return {
    ...tokenizerFiles('CLIPTokenizer'),
    'preprocessor_config.json': imageProcessor('CLIPImageProcessor'),
    'config.json': { model_type: 'clip', architectures: ['CLIPModel'] },
    'onnx/text_model.onnx': encodeGraph({
      nodes: [
        node('Gather', ['table', 'input_ids'], ['counts'], { axis: 0 }),
        node('ReduceSum', ['counts', 'sequence_axis'], ['text_embeds'], { keepdims: 0 }),
      ],
      constants: [
        matrix(
          'table',
          oneHot(words.length, 3, (id) => colors.indexOf(id)),
        ),
        integers('sequence_axis', [1]),
      ],
      inputs: [tensor('input_ids', 'int64', ['batch', 'sequence'])],
      outputs: [tensor('text_embeds', 'float32', ['batch', 3])],
    }),
    'onnx/vision_model.onnx': encodeGraph({
      nodes: [node('ReduceMean', ['pixel_values'], ['image_embeds'], { axes: [2, 3], keepdims: 0 })],
      constants: [],
      inputs: [tensor('pixel_values', 'float32', ['batch', 3, 8, 8])],
      outputs: [tensor('image_embeds', 'float32', ['batch', 3])],
    }),
  };
}
