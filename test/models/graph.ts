import {
  encodeOnnxModel,
  type OnnxConstant,
  type OnnxGraph,
  type OnnxNode,
  type OnnxValue,
} from '../../demo/model/onnx-proto.js';

/** One operation; see {@link OnnxNode}. */
export function node(type: string, inputs: string[], outputs: string[], attributes?: OnnxNode['attributes']): OnnxNode {
  return { type, inputs, outputs, ...(attributes && { attributes }) };
}

/** A matrix by its rows, as a constant. */
export function matrix(name: string, rows: number[][]): OnnxConstant {
  return { name, shape: [rows.length, rows[0]!.length], values: Float32Array.from(rows.flat()) };
}

/** A constant of any shape. */
export function floats(name: string, shape: number[], values: Iterable<number>): OnnxConstant {
  return { name, shape, values: Float32Array.from(values) };
}

/** A list of whole numbers, such as axes or a shape. */
export function integers(name: string, values: number[]): OnnxConstant {
  return { name, shape: [values.length], values: BigInt64Array.from(values.map(BigInt)) };
}

export function tensor(name: string, element: OnnxValue['element'], shape: OnnxValue['shape']): OnnxValue {
  return { name, element, shape };
}

/** The bytes of a graph's file. */
export function encodeGraph(graph: Omit<OnnxGraph, 'name'>): Uint8Array {
  return encodeOnnxModel('model-jobs', { name: 'test', ...graph });
}

/** `rows` × `columns` with ones where `one(row)` is the column. */
export function oneHot(rows: number, columns: number, one: (row: number) => number): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const values = new Array<number>(columns).fill(0);
    if (one(row) >= 0) values[one(row)] = 1;
    return values;
  });
}
