import { bytes, integer, message, text, type Field } from './protobuf.js';

/** The numbers below are the field numbers of `onnx.proto3`, IR version 8. */
const irVersion = 8;
const opset = 17;

const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
} as const;
const attributeTypes = { integer: 2, integers: 7 } as const;

/** One operation; inputs and outputs are named values. */
export interface OnnxNode {
  type: string;
  inputs: string[];
  outputs: string[];
  /** Integer attributes, single or lists: the only ones that these graphs need. */
  attributes?: Record<string, number | number[]>;
}

/** A constant of the graph; an empty shape is a scalar. */
export interface OnnxConstant {
  name: string;
  shape: number[];
  values: Float32Array | BigInt64Array;
}

/** An input or output; a dimension with a name is free. */
export interface OnnxValue {
  name: string;
  element: keyof typeof elementTypes;
  shape: (number | string)[];
}

/** A graph, its nodes in an order in which they can run. */
export interface OnnxGraph {
  name: string;
  nodes: OnnxNode[];
  constants: OnnxConstant[];
  inputs: OnnxValue[];
  outputs: OnnxValue[];
}

/** Encodes a graph as an ONNX model file; equal graphs give equal bytes. */
export function encodeOnnxModel(producer: string, graph: OnnxGraph): Uint8Array {
  return Buffer.concat([
    integer(1, irVersion),
    text(2, producer),
    message(7, ...graphFields(graph)),
    message(8, text(1, ''), integer(2, opset)),
  ]);
}

function graphFields(graph: OnnxGraph): Field[] {
  return [
    ...graph.nodes.map((node, index) => message(1, ...nodeFields(node, index))),
    text(2, graph.name),
    ...graph.constants.map((constant) => message(5, ...constantFields(constant))),
    ...graph.inputs.map((value) => message(11, ...valueFields(value))),
    ...graph.outputs.map((value) => message(12, ...valueFields(value))),
  ];
}

function nodeFields(node: OnnxNode, index: number): Field[] {
  return [
    ...node.inputs.map((name) => text(1, name)),
    ...node.outputs.map((name) => text(2, name)),
    text(3, `${index}_${node.type}`),
    text(4, node.type),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) => message(5, ...attributeFields(name, value))),
  ];
}

function attributeFields(name: string, value: number | number[]): Field[] {
  return Array.isArray(value)
    ? [text(1, name), ...value.map((item) => integer(8, item)), integer(20, attributeTypes.integers)]
    : [text(1, name), integer(3, value), integer(20, attributeTypes.integer)];
}

function constantFields({ name, shape, values }: OnnxConstant): Field[] {
  const element = values instanceof Float32Array ? 'float32' : 'int64';
  return [
    ...shape.map((size) => integer(1, size)),
    integer(2, elementTypes[element]),
    text(8, name),
    bytes(9, littleEndian(values)),
  ];
}

/** ONNX stores raw data in little-endian order, whatever the machine's own order is. */
function littleEndian(values: Float32Array | BigInt64Array): Uint8Array {
  const encoded = Buffer.alloc(values.byteLength);
  if (values instanceof Float32Array) {
    values.forEach((value, index) => encoded.writeFloatLE(value, index * 4));
  } else {
    values.forEach((value, index) => encoded.writeBigInt64LE(value, index * 8));
  }
  return encoded;
}

function valueFields({ name, element, shape }: OnnxValue): Field[] {
  const dimensions = shape.map((size) => message(1, typeof size === 'string' ? text(2, size) : integer(1, size)));
  return [text(1, name), message(2, message(1, integer(1, elementTypes[element]), message(2, ...dimensions)))];
}
