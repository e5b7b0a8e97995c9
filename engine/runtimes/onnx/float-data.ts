import { ModelJobError } from '../../../planner/index.js';
import { halfToNumber } from './float16.js';
import type { Tensor } from './library.js';

/** A tensor's numbers as floats; the data itself where it is that already. */
export function floatData({ type, data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  // Where the engine has no Float16Array, halves come as their bits.
  if (type === 'float16' && data instanceof Uint16Array) return Float32Array.from(data, halfToNumber);
  return Float32Array.from(data as ArrayLike<number>, Number);
}

/**
 * The same where it is to be compared: a NaN is neither less nor more than anything, and would be lost; an infinity is
 * what has overflowed. `-Infinity` stays: networks mask with it.
 *
 * @throws ModelJobError `Failed` for a NaN or an infinity
 */
export function comparableData(tensor: Tensor): Float32Array {
  const data = floatData(tensor);
  const wrong = data.find((value) => Number.isNaN(value) || value === Infinity);
  if (wrong === undefined) return data;
  throw new ModelJobError('Failed', `the model gives ${wrong}`, { retryable: false });
}
