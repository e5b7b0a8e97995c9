import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { ModelJobError } from '../../../../planner/index.js';
import {
  elementTypes,
  type ElementType,
  type FlatTensor,
  type NestedElements,
  type TensorElement,
  type TensorsInput,
} from '../../../models/tasks/tensors.js';
import { elementData } from './element-data.js';

type ValueMetadata = InferenceSession.ValueMetadata;

/**
 * The tensors that a graph is run with.
 *
 * @throws ModelJobError `InvalidArgument` that names the input of the graph
 */
export function encodeTensors(inputs: TensorsInput, metadata: readonly ValueMetadata[]): Record<string, Tensor> {
  const expected = metadata.map(({ name }) => name);
  const unknown = Object.keys(inputs).find((name) => !expected.includes(name));
  if (unknown !== undefined) refuse(unknown, `the graph has no such input, but ${expected.join(', ')}`);
  return Object.fromEntries(metadata.map((value) => [value.name, encodeTensor(inputs[value.name], value)]));
}

function encodeTensor(value: TensorsInput[string] | undefined, metadata: ValueMetadata): Tensor {
  const { name } = metadata;
  if (value === undefined) refuse(name, 'the graph needs this input');
  if (!metadata.isTensor) refuse(name, 'the graph takes a sequence or a map here, which JSON can not give it');
  const { dims, data, type } = isFlat(value) ? value : flatten(value, name);
  const wanted = elementType(name, metadata.type);
  if (type !== undefined && type !== wanted) refuse(name, `expected elements of ${wanted}, received ${type}`);
  checkShape(name, dims, metadata.shape);
  const size = dims.reduce((product, size) => product * size, 1);
  if (size !== data.length) {
    refuse(name, `expected ${size} elements for the shape [${dims.join(', ')}], received ${data.length}`);
  }
  const elements = elementData(data, wanted, name);
  const tensor = new Tensor(wanted, elements, dims);
  // Where the engine has a Float16Array the tensor holds one, but the runtime's own binding reads only the bits.
  return wanted === 'float16' ? Object.assign(tensor, { cpuData: elements }) : tensor;
}

function isFlat(value: FlatTensor | NestedElements): value is FlatTensor {
  return typeof value === 'object' && !Array.isArray(value);
}

/** Nested lists as one list: all lists of one depth must be of one length. */
function flatten(value: NestedElements, name: string): FlatTensor {
  const dims: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0] ?? 0) dims.push(level.length);
  const data: TensorElement[] = [];
  const collect = (part: NestedElements, depth: number): void => {
    const size = dims[depth];
    if (!Array.isArray(part) && size === undefined) data.push(part);
    else if (Array.isArray(part) && part.length === size) part.forEach((inner) => collect(inner, depth + 1));
    else refuse(name, 'expected lists of one length at each depth');
  };
  collect(value, 0);
  return { dims, data };
}

function elementType(name: string, type: string): ElementType {
  return (
    elementTypes.find((candidate) => candidate === type) ??
    refuse(name, `the graph takes elements of ${type}, which have no form in JSON`)
  );
}

/** A dimension with a name, or an unknown one, takes any size. */
function checkShape(name: string, dims: readonly number[], shape: readonly (number | string)[]): void {
  const fits =
    dims.length === shape.length &&
    shape.every((size, at) => typeof size === 'string' || size < 0 || size === dims[at]);
  if (!fits) refuse(name, `expected the shape [${shape.join(', ')}], received [${dims.join(', ')}]`);
}

function refuse(name: string, problem: string): never {
  throw new ModelJobError('InvalidArgument', `${name}: ${problem}`, { problems: [{ path: name, message: problem }] });
}
