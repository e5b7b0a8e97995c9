/** A row of a data set: what the model gets, and the caller's name for it. */
export interface DataRow {
  customId?: string;
  input: unknown;
}

/** A row is any JSON value, an object with `input` (and `custom_id`), or one of OpenAI's batch files with `body`. */
export function dataRow(value: unknown): DataRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { input: value };
  const { custom_id: customId, input, body } = value as Record<string, unknown>;
  const named = typeof customId === 'string' ? { customId } : {};
  if (input !== undefined) return { ...named, input };
  return { ...named, input: body !== undefined && 'customId' in named ? body : value };
}
