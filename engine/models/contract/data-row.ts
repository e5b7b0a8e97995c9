import { ModelJobError } from '../../../planner/index.js';

/** A row of a data set: what the model gets, and the caller's name for it. */
export interface DataRow {
  customId: string | undefined;
  input: unknown;
  /** The member of the row that is the input; undefined where the whole row is. */
  member: 'input' | 'output' | 'body' | undefined;
  /** Of a line of an OpenAI batch file, whose input is its `body`. */
  method: unknown;
  url: unknown;
}

/**
 * What a row's input is, by one rule. A line of an earlier batch's outputs (`index`, `custom_id`, `metadata`,
 * `output` and nothing else) has its output for input. A `custom_id` makes a row an envelope: its `body` (of an OpenAI batch file) or its
 * `input` is the input, and what else stands there is the caller's. Without one `{"input": …}` is an envelope too, but
 * only if nothing else stands in it than `kept` names. Any other value is the input as a whole.
 *
 * @param kept columns that stand beside the outputs: what the caller keeps is none of the input
 * @throws ModelJobError `InvalidArgument` for a `custom_id` that is no text
 */
export function dataRow(value: unknown, kept: readonly string[] = []): DataRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return rowOf(undefined, value);
  const { custom_id: id, input, body, method, url } = value as Record<string, unknown>;
  if (id != null && typeof id !== 'string') {
    throw new ModelJobError('InvalidArgument', `custom_id: expected a text, received ${JSON.stringify(id)}`);
  }
  const customId = id ?? undefined;
  if (isOutputLine(value)) return rowOf(customId, value.output, 'output');
  if (input !== undefined && (id != null || isAlone(value, kept))) return rowOf(customId, input, 'input');
  if (body === undefined || id == null) return rowOf(customId, value);
  return { customId, input: body, member: 'body', method, url };
}

/** Always of one shape, and without a spread: a batch has millions of rows. */
function rowOf(customId: string | undefined, input: unknown, member?: DataRow['member']): DataRow {
  return { customId, input, member, method: undefined, url: undefined };
}

/** Whether nothing stands beside a row's input but what is kept. */
function isAlone(value: object, kept: readonly string[]): boolean {
  return Object.keys(value).every((key) => key === 'input' || key === 'custom_id' || kept.includes(key));
}

/** What an output line of a batch has, where nothing of its row is kept. */
const outputKeys: ReadonlySet<string> = new Set(['index', 'custom_id', 'metadata', 'output']);

function isOutputLine(value: object): value is { output: unknown } {
  return 'output' in value && 'index' in value && Object.keys(value).every((key) => outputKeys.has(key));
}
