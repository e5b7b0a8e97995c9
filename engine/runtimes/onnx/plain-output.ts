import type { JsonValue } from '../../../planner/index.js';

/** A pipeline's output as plain JSON: tensors become nested lists, typed arrays become lists. */
export function plainOutput(value: unknown): JsonValue {
  if (isTensor(value)) return plainOutput(value.tolist());
  if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array);
  if (Array.isArray(value)) return value.map(plainOutput);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainOutput(inner)]));
  }
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  // JSON has no NaN and no infinity.
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function isTensor(value: unknown): value is { tolist(): unknown } {
  return typeof value === 'object' && value !== null && 'tolist' in value && typeof value.tolist === 'function';
}
