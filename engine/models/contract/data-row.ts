/** A row of a data set: what the model gets, and the caller's name for it. */
export interface DataRow {
  customId?: string;
  input: unknown;
  /** Of a line of an OpenAI batch file, whose input is its `body`. */
  method?: unknown;
  url?: unknown;
}

/**
 * A row is any JSON value, an object with `input` (and `custom_id`), one of OpenAI's batch files with `body`, or a line
 * of an earlier batch's outputs (`index`, `custom_id`, `metadata`, `output` and nothing else), whose output is the input.
 */
export function dataRow(value: unknown): DataRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { input: value };
  const { custom_id: customId, input, body } = value as Record<string, unknown>;
  const named = typeof customId === 'string' ? { customId } : {};
  if (input !== undefined) return { ...named, input };
  if (isOutputLine(value)) return { ...named, input: value.output };
  if (body === undefined || !('customId' in named)) return { ...named, input: value };
  const { method, url } = value as Record<string, unknown>;
  return { ...named, input: body, method, url };
}

function isOutputLine(value: object): value is { output: unknown } {
  const known = ['index', 'custom_id', 'metadata', 'output'];
  return 'output' in value && 'index' in value && Object.keys(value).every((key) => known.includes(key));
}
