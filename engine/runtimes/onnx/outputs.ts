import { ModelJobError } from '../../../planner/index.js';
import { floatData } from './float-data.js';
import type { Tensor, Tensors } from './library.js';

/**
 * The tensor of this name.
 *
 * @throws ModelJobError `Failed` where there is none: the model is one for another task
 */
export function outputNamed(tensors: Tensors, name: string): Tensor {
  const found = tensors[name];
  if (found) return found;
  throw new ModelJobError('Failed', `there is no \`${name}\`: the model is one for another task`, { retryable: false });
}

/** The first of these that is there, with its rows and columns only; undefined where none is. */
export function matrixAmong(tensors: Tensors, names: readonly string[]): Tensor | undefined {
  return names.map((name) => tensors[name]).find((tensor) => tensor?.dims.length === 2);
}

/** The rows of a matrix, each with memory of its own. */
export function rowsOf(matrix: Tensor): Float32Array[] {
  const [rows = 0, size = 0] = matrix.dims;
  const data = floatData(matrix);
  return Array.from({ length: rows }, (_, row) => data.slice(row * size, (row + 1) * size));
}
