import { z } from 'zod';
import { errorCodes, parseWith, type JsonValue } from '../../../planner/index.js';
import type { InputRow } from '../../models/contract/model-runtime.js';

/** One line of a file of predictions. What else stands in it is left alone: it may come from anywhere. */
const predictionSchema = z
  .object({
    /** Which input it is for: the caller's name for it, its number in the job from 0, or the input itself. */
    custom_id: z.string().optional(),
    index: z.int().min(0).optional(),
    input: z.json().optional(),
    output: z.json().optional(),
    /** What became of the input where there is no output. A code that is none of ours counts as `Failed`. */
    error: z.object({ code: z.enum(errorCodes).catch('Failed'), message: z.string() }).nullish(),
  })
  .refine(({ custom_id: id, index, input }) => id !== undefined || index !== undefined || input !== undefined, {
    error: 'expected `custom_id`, `index` or `input`',
  })
  .refine(({ output, error }) => (output === undefined) === (error != null), {
    error: 'expected one of `output` and `error`',
  });

export type Prediction = z.infer<typeof predictionSchema>;

/**
 * Reads a line.
 *
 * @param output the shape of the task's outputs
 * @throws ModelJobError `InvalidArgument`; SyntaxError for what is not JSON
 */
export function readPrediction(line: string, output: z.ZodType): Prediction {
  const prediction = parseWith(predictionSchema, JSON.parse(line), 'prediction');
  if (prediction.output !== undefined) parseWith(output, prediction.output, 'output');
  return prediction;
}

/** By what a line is found. Its input counts only where it has no other key: inputs may be there twice. */
export function keysOfPrediction({ custom_id: id, index, input }: Prediction): string[] {
  const keys = [...(id === undefined ? [] : [idKey(id)]), ...(index === undefined ? [] : [indexKey(index)])];
  return keys.length > 0 || input === undefined ? keys : [inputKey(input)];
}

/** By what an input looks for its line, in this order. */
export function keysOfInput(input: JsonValue, row: InputRow | undefined): string[] {
  const id = nameOf(input, row);
  return [
    ...(id === undefined ? [] : [idKey(id)]),
    ...(row === undefined ? [] : [indexKey(row.index)]),
    inputKey(input),
  ];
}

/** Whether a line that was found by one key is contradicted by another. */
export function contradicts(prediction: Prediction, input: JsonValue, row: InputRow | undefined): boolean {
  const id = nameOf(input, row);
  if (prediction.custom_id !== undefined && id !== undefined && prediction.custom_id !== id) return true;
  return prediction.input !== undefined && canonicalJson(prediction.input) !== canonicalJson(input);
}

/** JSON in which the order of an object's keys makes no difference. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}

function nameOf(input: JsonValue, row: InputRow | undefined): string | undefined {
  if (row?.customId !== undefined) return row.customId;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  return typeof input['custom_id'] === 'string' ? input['custom_id'] : undefined;
}

function idKey(id: string): string {
  return `custom_id ${JSON.stringify(id)}`;
}

function indexKey(index: number): string {
  return `index ${index}`;
}

function inputKey(input: JsonValue): string {
  return `input ${canonicalJson(input)}`;
}
