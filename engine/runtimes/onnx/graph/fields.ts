import { ModelJobError } from '../../../../planner/index.js';

/** The wire types of protocol buffers that a model file has: https://protobuf.dev/programming-guides/encoding/ */
const varint = 0;
const fixed64 = 1;
const counted = 2;
const fixed32 = 5;

/** A field's number, and where its content starts and ends. */
export interface Field {
  number: number;
  start: number;
  end: number;
}

/** @param bytes that begin with the field @param at their place in the whole */
export function fieldIn(bytes: Buffer, at: number): Field {
  const head = numberIn(bytes, 0);
  const content = numberIn(bytes, head.end);
  const [number, type] = [Math.floor(head.value / 8), head.value % 8];
  const start = at + (type === counted ? content.end : head.end);
  const sizes: Record<number, number> = {
    [varint]: content.end - head.end,
    [fixed64]: 8,
    [counted]: content.value,
    [fixed32]: 4,
  };
  const size = sizes[type];
  if (size === undefined || number === 0) throw brokenGraph(at, 'no field of an ONNX file');
  return { number, start, end: start + size };
}

/** The error of a file whose head says what can't be: it is tried no second time. */
export function brokenGraph(at: number, found: string): ModelJobError {
  return new ModelJobError('Failed', `byte ${at} of the graph begins ${found}`, { retryable: false });
}

/**
 * A message with some of its fields changed.
 *
 * @param change gives the new content of a field, `null` for one that goes, undefined for one that stays
 */
export function rewritten(
  message: Buffer,
  change: (number: number, content: Buffer) => Buffer | null | undefined,
): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < message.length;) {
    const { number, start, end } = fieldIn(message.subarray(at), at);
    if (end > message.length) throw brokenGraph(at, 'a field that ends behind the file');
    const content = change(number, message.subarray(start, end));
    if (content === undefined) parts.push(message.subarray(at, end));
    else if (content) parts.push(numberBytes(number * 8 + counted), numberBytes(content.length), content);
    at = end;
  }
  return Buffer.concat(parts);
}

function numberIn(bytes: Buffer, from: number): { value: number; end: number } {
  let [value, end] = [0, from];
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[end++] ?? 0;
    value += (byte % 128) * factor;
    if (byte < 128) return { value, end };
  }
}

function numberBytes(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
