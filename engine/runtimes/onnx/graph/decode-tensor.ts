import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelJobError, type JsonValue } from '../../../../planner/index.js';
import { elementTypes } from '../../../models/tasks/tensors.js';
import { halfToNumber } from '../float16.js';

/**
 * What a graph gave, as JSON.
 *
 * @throws ModelJobError `Failed` for an output that is no tensor, or whose elements have no form in JSON
 */
export function decodeTensors(outputs: InferenceSession.ReturnType): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, decodeTensor(name, output)]));
}

function decodeTensor(name: string, tensor: Tensor | undefined): JsonValue {
  if (!tensor || !elementTypes.some((type) => type === tensor.type)) {
    throw new ModelJobError('Failed', `output ${name}: elements of ${tensor?.type ?? 'no type'} have no form in JSON`, {
      retryable: false,
    });
  }
  return { dims: [...tensor.dims], data: Array.from(tensor.data, elementOf(tensor)), type: tensor.type };
}

function elementOf({ type, data }: Tensor): (element: unknown) => JsonValue {
  if (type === 'bool') return (element) => element === 1 || element === true;
  if (type === 'float16' && data instanceof Uint16Array) return (element) => finite(halfToNumber(Number(element)));
  return (element) =>
    typeof element === 'bigint' ? integer(element) : typeof element === 'string' ? element : finite(Number(element));
}

/** As a number where it keeps all digits, else as a text. */
function integer(value: bigint): JsonValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** JSON has no NaN and no infinity. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
