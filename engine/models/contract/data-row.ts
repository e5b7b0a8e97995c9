/** A row of a data set: what the model gets, and the caller's name for it. */
export interface DataRow {
  customId?: string;
  input: unknown;
}

/**
 * A row is any JSON value, an object with `input` (and `custom_id`), one of OpenAI's batch files with `body`, or a line
 * of an earlier batch's outputs (`index`, `custom_id`, `output` and nothing else), whose output is the input.
 */
export function dataRow(value: unknown): DataRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { input: value };
  const { custom_id: customId, input, body } = value as Record<string, unknown>;
  const named = typeof customId === 'string' ? { customId } : {};
  if (input !== undefined) return { ...named, input };
  if (isOutputLine(value)) return { ...named, input: value.output };
  return { ...named, input: body !== undefined && 'customId' in named ? body : value };
}

function isOutputLine(value: object): value is { output: unknown } {
  const keys = Object.keys(value);
  return 'output' in value && 'index' in value && keys.length === ('custom_id' in value ? 3 : 2);
}
