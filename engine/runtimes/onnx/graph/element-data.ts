import { ModelJobError } from '../../../../planner/index.js';
import type { ElementType, TensorElement } from '../../../models/tasks/tensors.js';
import { numberToHalf } from '../float16.js';

/** Ranges of the integers that are numbers; the 64-bit ones are BigInts. */
const ranges: Partial<Record<ElementType, readonly [least: number, most: number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32_768, 32_767],
  uint16: [0, 65_535],
  int32: [-2_147_483_648, 2_147_483_647],
  uint32: [0, 4_294_967_295],
};

/**
 * The elements of a tensor in the array that its type is kept in.
 *
 * @throws ModelJobError `InvalidArgument` that names the element by its index
 */
export function elementData(elements: readonly TensorElement[], type: ElementType, name: string) {
  const all = <T>(read: (element: TensorElement) => T | undefined): T[] =>
    elements.map((element, at) => read(element) ?? refuse(name, at, element, type));
  const numbers = (): number[] => all((element) => numberIn(element, ranges[type]));
  switch (type) {
    case 'string':
      return all((element) => (typeof element === 'string' ? element : undefined));
    case 'bool':
      return Uint8Array.from(all((element) => (typeof element === 'boolean' ? Number(element) : bit(element))));
    case 'int64':
      return BigInt64Array.from(all((element) => bigintIn(element, (value) => BigInt.asIntN(64, value))));
    case 'uint64':
      return BigUint64Array.from(all((element) => bigintIn(element, (value) => BigInt.asUintN(64, value))));
    case 'float16':
      return Uint16Array.from(numbers(), numberToHalf);
    case 'float32':
      return Float32Array.from(numbers());
    case 'float64':
      return Float64Array.from(numbers());
    case 'int8':
      return Int8Array.from(numbers());
    case 'uint8':
      return Uint8Array.from(numbers());
    case 'int16':
      return Int16Array.from(numbers());
    case 'uint16':
      return Uint16Array.from(numbers());
    case 'int32':
      return Int32Array.from(numbers());
    case 'uint32':
      return Uint32Array.from(numbers());
  }
}

function bit(element: TensorElement): number | undefined {
  return element === 0 || element === 1 ? element : undefined;
}

function numberIn(element: TensorElement, range: readonly [number, number] | undefined): number | undefined {
  if (typeof element !== 'number') return undefined;
  if (!range) return element;
  const [least, most] = range;
  return Number.isInteger(element) && element >= least && element <= most ? element : undefined;
}

/** A whole number in 64 bits; as a text where a JSON number would lose digits. */
function bigintIn(element: TensorElement, wrap: (value: bigint) => bigint): bigint | undefined {
  const whole = typeof element === 'number' ? Number.isSafeInteger(element) : /^-?\d+$/.test(String(element));
  if (!whole || typeof element === 'boolean') return undefined;
  const value = BigInt(element);
  return wrap(value) === value ? value : undefined;
}

function refuse(name: string, at: number, element: TensorElement, type: ElementType): never {
  const path = `${name}.data[${at}]`;
  const message = `expected ${type}, received ${JSON.stringify(element)}`;
  throw new ModelJobError('InvalidArgument', `${path}: ${message}`, { problems: [{ path, message }] });
}
