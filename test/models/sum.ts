import type { OnnxValue } from '../../demo/model/onnx-proto.js';
import { encodeGraph, node, tensor } from './graph.js';
import type { ModelFiles } from './index.js';

/** A graph without a tokenizer or a configuration: `sum` is `a` + `b`. */
export function sumGraph(element: OnnxValue['element'] = 'float32'): ModelFiles {
  const value = (name: string) => tensor(name, element, ['rows', 2]);
  return {
    'model.onnx': encodeGraph({
      nodes: [node('Add', ['a', 'b'], ['sum'])],
      constants: [],
      inputs: [value('a'), value('b')],
      outputs: [value('sum')],
    }),
  };
}

/** A graph that gives back what it gets. */
export function echoGraph(element: OnnxValue['element']): ModelFiles {
  return {
    'model.onnx': encodeGraph({
      nodes: [node('Identity', ['given'], ['same'])],
      constants: [],
      inputs: [tensor('given', element, ['size'])],
      outputs: [tensor('same', element, ['size'])],
    }),
  };
}
