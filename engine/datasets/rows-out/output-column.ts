import type { SchemaElement } from 'hyparquet';
import { ModelJobError } from '../../../planner/index.js';

/** What the outputs of a batch are as a column: lists of floats (32 or 64 bits), texts, or any JSON. */
export type ColumnForm = 'floats' | 'doubles' | 'text' | 'json';

/** Thrown where an output does not fit the column: all rows have to be written again, in another form. */
export class WiderColumn extends Error {
  constructor(readonly form: ColumnForm) {
    super(`the outputs need a column of ${form}`);
  }
}

/** The form that holds all these outputs; `null` fits every form. */
export function formOfAll(outputs: readonly unknown[]): ColumnForm {
  let form: ColumnForm | undefined;
  for (const output of outputs) {
    if (output !== null) form = formOfBoth(form, formOf(output));
    if (form === 'json') break;
  }
  return form ?? 'json';
}

/** Whether a form is lists of numbers. */
export function isVector(form: ColumnForm): boolean {
  return form === 'floats' || form === 'doubles';
}

/** The form that holds what either form holds. */
export function formOfBoth(one: ColumnForm | undefined, other: ColumnForm): ColumnForm {
  if (one === undefined || one === other) return other;
  return isVector(one) && isVector(other) ? 'doubles' : 'json';
}

function formOf(output: unknown): ColumnForm {
  if (typeof output === 'string') return 'text';
  if (!Array.isArray(output) || !output.every((value) => typeof value === 'number')) return 'json';
  return output.every((value) => Math.fround(value) === value) ? 'floats' : 'doubles';
}

/** The columns of an output file: `index`, `custom_id`, `output`. */
export function schemaOf(form: ColumnForm): SchemaElement[] {
  return [
    { name: 'root', num_children: 3 },
    { name: 'index', type: 'INT64', repetition_type: 'REQUIRED' },
    { name: 'custom_id', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
    ...(isVector(form) ? listOf(form === 'floats' ? 'FLOAT' : 'DOUBLE') : [textOf(form)]),
  ];
}

function listOf(type: 'FLOAT' | 'DOUBLE'): SchemaElement[] {
  return [
    { name: 'output', repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', type, repetition_type: 'REQUIRED' },
  ];
}

function textOf(form: ColumnForm): SchemaElement {
  const converted_type = form === 'text' ? 'UTF8' : 'JSON';
  return { name: 'output', type: 'BYTE_ARRAY', converted_type, repetition_type: 'OPTIONAL' };
}

/** Reads a shard's line of an output. */
export function readOutputLine(line: string): { index: number; custom_id?: string; output: unknown } {
  try {
    return JSON.parse(line) as { index: number; custom_id?: string; output: unknown };
  } catch {
    throw new ModelJobError('IntegrityError', `a line of a finished shard is no JSON: ${line.slice(0, 200)}`);
  }
}
