import type { SchemaElement } from 'hyparquet';
import { formOfBoth, isVector, type ColumnForm } from './column-form.js';

/** The forms of a table's columns, by name and in order; undefined for one that has no value yet. */
export type TableForm = ReadonlyMap<string, ColumnForm | undefined>;

/** Thrown where rows did not fit the table that had begun: all have to be written again, to one of this form. */
export class OtherTable extends Error {
  constructor(readonly form: TableForm) {
    super('the outputs need a table of another form');
  }
}

/** The form of a table that holds the rows of both. */
export function tableOfBoth(one: TableForm, other: TableForm): TableForm {
  const both = new Map(one);
  for (const [name, form] of other) both.set(name, formOfBoth(one.get(name), form));
  return both;
}

/** Whether rows of one form can go into a table of the other, as it is. */
export function fits(rows: TableForm, table: TableForm): boolean {
  return [...rows].every(([name, form]) => table.has(name) && typeOf(form) === typeOf(table.get(name)));
}

/** The column of a form; one without a value is any JSON. */
export function typeOf(form: ColumnForm | undefined): Exclude<ColumnForm, 'longs'> {
  return form === 'longs' ? 'integers' : (form ?? 'json');
}

/** The schema of a file: `index`, `custom_id`, columns of the input, and `output`. */
export function schemaOf(table: TableForm): SchemaElement[] {
  return [
    { name: 'root', num_children: table.size + 2 },
    { name: 'index', type: 'INT64', repetition_type: 'REQUIRED' },
    { name: 'custom_id', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
    ...[...table].flatMap(([name, form]) => columnOf(name, typeOf(form))),
  ];
}

const types = {
  integers: { type: 'INT64' },
  numbers: { type: 'DOUBLE' },
  booleans: { type: 'BOOLEAN' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  // Texts of JSON until the file ends: the library would read such values and write them anew, numbers as doubles.
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
} as const;

function columnOf(name: string, form: ReturnType<typeof typeOf>): SchemaElement[] {
  if (form !== 'floats' && form !== 'doubles') return [{ name, ...types[form], repetition_type: 'OPTIONAL' }];
  return [
    { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', type: form === 'floats' ? 'FLOAT' : 'DOUBLE', repetition_type: 'REQUIRED' },
  ];
}

/** Says which columns of a schema are JSON, once their texts are written. */
export function markJson(schema: readonly SchemaElement[], table: TableForm): void {
  const columns = schema.filter(({ repetition_type }) => repetition_type === 'OPTIONAL');
  for (const element of columns) {
    if (table.has(element.name) && typeOf(table.get(element.name)) === 'json') element.converted_type = 'JSON';
  }
}

/** How a column is written: what hardly ever repeats gains nothing from a dictionary, which costs much memory. */
export function encodingOf(form: ColumnForm | undefined): { encoding?: 'PLAIN'; codec?: 'UNCOMPRESSED' } {
  return form !== undefined && isVector(form) ? { encoding: 'PLAIN', codec: 'UNCOMPRESSED' } : {};
}
