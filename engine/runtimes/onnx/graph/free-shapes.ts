import { rewritten } from './fields.js';

/** Field numbers of `onnx.proto3`. */
const fields = { graph: 7, input: 11, output: 12, inner: 13, type: 2, tensor: 1, shape: 2 } as const;

/**
 * A graph's file without the shapes of its inputs and outputs, for one that was exported with those of an example and
 * computes others as well. Without them ONNX Runtime checks none.
 */
export function withFreeShapes(model: Buffer): Buffer {
  return inField(model, fields.graph, (graph) =>
    rewritten(graph, (number, value) => {
      if (number === fields.inner) return null;
      return number === fields.input || number === fields.output ? withoutShape(value) : undefined;
    }),
  );
}

function withoutShape(value: Buffer): Buffer {
  return inField(value, fields.type, (type) =>
    inField(type, fields.tensor, (tensor) =>
      rewritten(tensor, (number) => (number === fields.shape ? null : undefined)),
    ),
  );
}

function inField(message: Buffer, field: number, change: (content: Buffer) => Buffer): Buffer {
  return rewritten(message, (number, content) => (number === field ? change(content) : undefined));
}
