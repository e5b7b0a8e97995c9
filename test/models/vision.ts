import { encodeGraph, floats, integers, matrix, node, tensor } from './graph.js';
import type { ModelFiles } from './index.js';

/** Pixels on each side of what the networks see. */
const side = 8;

const colors = { 0: 'red', 1: 'green', 2: 'blue' };

const pixels = tensor('pixel_values', 'float32', ['batch', 3, side, side]);

/** Values from 0 to 1 of an image of 8 × 8 pixels. */
export function imageProcessor(type: string): object {
  return {
    image_processor_type: type,
    do_resize: true,
    size: { width: side, height: side },
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: false,
  };
}

/** Says which color an image has most of: its logits are eight times the mean of each. */
export function colorClassifier(): ModelFiles {
  return {
    'preprocessor_config.json': imageProcessor('ViTImageProcessor'),
    'config.json': { model_type: 'vit', architectures: ['ViTForImageClassification'], id2label: colors },
    'onnx/model.onnx': encodeGraph({
      nodes: [
        node('ReduceMean', ['pixel_values'], ['means'], { axes: [2, 3], keepdims: 0 }),
        node('Mul', ['means', 'scale'], ['logits']),
      ],
      constants: [floats('scale', [], [8])],
      inputs: [pixels],
      outputs: [tensor('logits', 'float32', ['batch', 3])],
    }),
  };
}

/** Vectors of the pixels in turn: red, green and blue, and a fourth number that is none of them. */
export function imageEmbedder(): ModelFiles {
  return {
    'preprocessor_config.json': imageProcessor('ViTImageProcessor'),
    'config.json': { model_type: 'vit', architectures: ['ViTModel'] },
    'onnx/model.onnx': encodeGraph({
      nodes: [
        node('Reshape', ['pixel_values', 'rows'], ['channels']),
        node('Transpose', ['channels'], ['patches'], { perm: [0, 2, 1] }),
        node('MatMul', ['patches', 'weights'], ['last_hidden_state']),
      ],
      constants: [
        integers('rows', [0, 3, side * side]),
        matrix('weights', [
          [1, 0, 0, 0.1],
          [0, 1, 0, 0.1],
          [0, 0, 1, 0.1],
        ]),
      ],
      inputs: [pixels],
      outputs: [tensor('last_hidden_state', 'float32', ['batch', side * side, 4])],
    }),
  };
}

/** Finds the image's color in its left half, and nothing in a second place. */
export function colorDetector(): ModelFiles {
  return {
    'preprocessor_config.json': imageProcessor('DetrImageProcessor'),
    'config.json': { model_type: 'detr', architectures: ['DetrForObjectDetection'], id2label: colors },
    'onnx/model.onnx': encodeGraph({
      nodes: [
        node('ReduceMean', ['pixel_values'], ['means'], { axes: [2, 3], keepdims: 0 }),
        node('Unsqueeze', ['means', 'second_axis'], ['query']),
        node('MatMul', ['query', 'weights'], ['found']),
        node('Mul', ['found', 'zero'], ['blank']),
        node('Add', ['blank', 'nothing'], ['not_found']),
        node('Concat', ['found', 'not_found'], ['logits'], { axis: 1 }),
        node('Identity', ['boxes'], ['pred_boxes']),
      ],
      constants: [
        integers('second_axis', [1]),
        matrix('weights', [
          [6, 0, 0, 0],
          [0, 6, 0, 0],
          [0, 0, 6, 0],
        ]),
        floats('zero', [], [0]),
        floats('nothing', [1, 1, 4], [0, 0, 0, 6]),
        // Middle, width and height as shares of the image: https://arxiv.org/abs/2005.12872
        floats('boxes', [1, 2, 4], [0.25, 0.5, 0.5, 1, 0.5, 0.5, 1, 1]),
      ],
      inputs: [pixels],
      outputs: [tensor('logits', 'float32', ['batch', 2, 4]), tensor('pred_boxes', 'float32', [1, 2, 4])],
    }),
  };
}

/** Tells for each pixel which color it is: the pixels are their own logits. */
export function colorSegmenter(): ModelFiles {
  return {
    'preprocessor_config.json': imageProcessor('SegformerImageProcessor'),
    'config.json': { model_type: 'segformer', architectures: ['SegformerForSemanticSegmentation'], id2label: colors },
    'onnx/model.onnx': encodeGraph({
      nodes: [node('Identity', ['pixel_values'], ['logits'])],
      constants: [],
      inputs: [pixels],
      outputs: [tensor('logits', 'float32', ['batch', 3, side, side])],
    }),
  };
}
