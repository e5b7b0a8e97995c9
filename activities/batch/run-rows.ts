import { ModelJobError, type JsonValue } from '../../planner/index.js';
import type { LoadedModel, RunOptions } from '../runtime/model-runtime.js';
import type { Row } from './rows.js';

/** What became of a row: one line of a shard. */
export type RowOutcome = { index: number; custom_id?: string } & (
  { output: JsonValue } | { error: { code: string; message: string } }
);

/** Whether a shard's line is a row that failed. */
export function isError(line: string): boolean {
  return 'error' in (JSON.parse(line) as RowOutcome);
}

/**
 * Runs a batch of rows. When the model refuses the batch, each row is run for itself, so that a bad row is one bad row.
 *
 * @throws ModelJobError with `onInputError: 'fail'`, for the first bad row
 */
export async function runRows(
  model: LoadedModel,
  rows: readonly Row[],
  options: RunOptions & { onInputError: 'record' | 'fail' },
): Promise<RowOutcome[]> {
  const readable = rows.filter(({ problem }) => problem === undefined);
  const outputs = new Map<number, RowOutcome>();
  for (const outcome of await runReadable(model, readable, options)) outputs.set(outcome.index, outcome);
  const outcomes = rows.map(
    (row) => outputs.get(row.index) ?? refused(row, 'InvalidArgument', row.problem ?? 'no output'),
  );
  const bad = outcomes.find((outcome) => 'error' in outcome);
  if (!bad || options.onInputError === 'record' || !('error' in bad)) return outcomes;
  throw new ModelJobError(
    'InvalidArgument',
    `row ${bad.index}${bad.custom_id ? ` (${bad.custom_id})` : ''}: ${bad.error.message}`,
  );
}

async function runReadable(model: LoadedModel, rows: readonly Row[], options: RunOptions): Promise<RowOutcome[]> {
  try {
    const outputs = await model.run(
      rows.map(({ input }) => input as JsonValue),
      options,
    );
    return rows.map((row, at) => ({ ...nameOf(row), output: (outputs[at] ?? null) as JsonValue }));
  } catch (error) {
    options.signal.throwIfAborted();
    const [row, ...others] = rows;
    if (!row) return [];
    if (others.length === 0) return [refused(row, codeOf(error), messageOf(error))];
  }
  const outcomes: RowOutcome[] = [];
  for (const row of rows) outcomes.push(...(await runReadable(model, [row], options)));
  return outcomes;
}

function refused(row: Row, code: string, message: string): RowOutcome {
  return { ...nameOf(row), error: { code, message } };
}

function nameOf({ index, customId }: Row): { index: number; custom_id?: string } {
  return customId === undefined ? { index } : { index, custom_id: customId };
}

function codeOf(error: unknown): string {
  return error instanceof ModelJobError ? error.code : 'Failed';
}

function messageOf(error: unknown): string {
  if (error instanceof ModelJobError) return error.detail;
  return error instanceof Error ? error.message : String(error);
}
