import { z } from 'zod';
import { isJson, ModelJobError } from '../../../planner/index.js';
import { membersOf } from '../../models/contract/json-members.js';
import { notJson } from '../../models/contract/row-text.js';
import { nameOfRow, type SourceRow } from '../rows-in/index.js';

/** An error as error files tell it. */
const errorSchema = z.object({ code: z.string(), message: z.string() });

/** Whose place a mended row takes: that of the row of this `custom_id`, or of this index. */
export type MendedKey = { customId: string } | { index: number };

/** A row that takes the place of one that failed. */
export interface MendedRow {
  key: MendedKey;
  row: SourceRow;
}

/**
 * Reads a mended row: one with a `custom_id` is a row of the data set as it is; one without is known by its `index`, and
 * is its `input`, or what else stands in it. In a line of an error file, the mended row is the `input`.
 *
 * @throws ModelJobError `InvalidArgument` that names its place
 */
export function readMendedRow(row: SourceRow): MendedRow {
  const { text } = row;
  if (typeof text !== 'string') throw refusal(row, text.message);
  const members = membersIn(row, text);
  const { custom_id: customId, index } = valuesOf(members, ['custom_id', 'index']);
  const hasInput = members.has('input');
  const isErrorLine = members.has('error') && members.has('index');
  if (isErrorLine) refuseAsItWas(row, members);
  if (typeof customId === 'string') {
    return { key: { customId }, row: { ...row, text: isErrorLine && hasInput ? (members.get('input') ?? '') : text } };
  }
  if (!/^\d+$/.test(String(index))) {
    throw refusal(row, 'a mended row needs the `custom_id` of a row that failed, or its `index`');
  }
  members.delete('index');
  members.delete('custom_id');
  return {
    key: { index: Number(index) },
    row: { ...row, text: hasInput ? (members.get('input') ?? '') : textOf(members) },
  };
}

/**
 * A line of an error file is no row: without its `input` there is none to run, and the text of a row that is no JSON would
 * come out as the text that it is now.
 */
function refuseAsItWas(row: SourceRow, members: ReadonlyMap<string, string>): void {
  const { error, input } = valuesOf(members, ['error', 'input']);
  const failure = errorSchema.safeParse(error).data;
  if (!failure) return;
  if (!members.has('input')) throw refusal(row, 'a line of an error file needs the mended row as its `input`');
  if (typeof input !== 'string' || isJson(input) || !failure.message.startsWith(notJson)) return;
  const advice = 'write the mended row there, or leave `error` out where that text is meant';
  throw refusal(row, `its \`input\` is the text of a row that is no JSON: ${advice}`);
}

/**
 * The row under the name of the one whose place it takes.
 *
 * @throws ModelJobError `InvalidArgument` for a row that has another name
 */
export function withCustomId(row: SourceRow, customId: string | undefined): SourceRow {
  if (customId === undefined || typeof row.text !== 'string') return row;
  const name = JSON.stringify(customId);
  const members = membersOf(row.text);
  if (!members) return { ...row, text: `{"custom_id":${name},"input":${row.text}}` };
  const { custom_id: own } = valuesOf(members, ['custom_id']);
  if (own === customId) return row;
  if (own !== null) throw refusal(row, `it is named ${JSON.stringify(own)}, and takes the place of ${name}`);
  members.delete('custom_id');
  return { ...row, text: textOf(new Map([['custom_id', name], ...members])) };
}

/** What a key names, in words. */
export function nameOfKey(key: MendedKey): string {
  return 'index' in key ? `row ${key.index}` : `custom_id ${JSON.stringify(key.customId)}`;
}

/** An error about a mended row, by its place. */
export function refusal(row: SourceRow, problem: string): ModelJobError {
  return new ModelJobError('InvalidArgument', `${nameOfRow(row)}: ${problem}`);
}

function membersIn(row: SourceRow, text: string): Map<string, string> {
  try {
    JSON.parse(text);
  } catch (error) {
    throw refusal(row, `${notJson}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return membersOf(text) ?? new Map<string, string>();
}

function valuesOf(members: ReadonlyMap<string, string>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, JSON.parse(members.get(name) ?? 'null') as unknown]));
}

function textOf(members: ReadonlyMap<string, string>): string {
  return `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}
