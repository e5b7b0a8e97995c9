import { isJson } from '../../../planner/index.js';
import { membersOf } from '../../models/contract/json-members.js';

/** Which columns of the input stand beside the outputs: all, or those of these names. */
export type Keep = '*' | readonly string[];

/** Names that an output line has for itself. */
const ownNames: ReadonlySet<string> = new Set(['index', 'custom_id', 'metadata', 'output', 'error']);

/** What `options.batch.keep` asks for; undefined for nothing. */
export function keepOf(keep: '*' | boolean | readonly string[] | null | undefined): Keep | undefined {
  if (keep === true) return '*';
  return keep === false || keep == null ? undefined : keep;
}

/** The columns that were named: these are none of the model's. `"*"` names none. */
export function namesOf(keep: Keep | undefined): readonly string[] {
  return keep === undefined || keep === '*' ? [] : keep;
}

/**
 * The columns of a row that stand beside its output, each as `,"name":value` with the value's own text. A column that is
 * called as something that outputs have for themselves is `input_…`; a row that has no columns is one, `input`.
 *
 * @param text a row's JSON
 */
export function keptColumns(text: string, keep: Keep): string {
  const row = membersOf(text) ?? new Map([['input', text.trim()]]);
  // Its own name for the row stands in each line.
  const names = keep === '*' ? [...row.keys()] : [...new Set(keep)];
  return names
    .filter((name) => name !== 'custom_id')
    .map((name) => `,${JSON.stringify(nameBeside(name, row))}:${oneLine(row.get(name) ?? 'null')}`)
    .join('');
}

/** The name of a column beside the output. */
function nameBeside(name: string, row: ReadonlyMap<string, string>): string {
  let free = name;
  while (ownNames.has(free) || (free !== name && row.has(free))) free = `input_${free}`;
  return free;
}

/** A row as it came, as one JSON value: a text where it is no JSON. */
export function wholeRow(text: string): string {
  return isJson(text) ? oneLine(text.trim()) : JSON.stringify(text);
}

/** JSON allows a bare CR between its tokens, where many take it for the end of a line. */
function oneLine(json: string): string {
  return json.includes('\r') ? json.replaceAll('\r', ' ') : json;
}
