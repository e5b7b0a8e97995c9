import type { JsonValue } from '../../../planner/index.js';

/** What became of a row: one line of a shard. */
export type RowOutcome = { index: number; custom_id?: string } & (
  { output: JsonValue } | { error: { code: string; message: string } }
);

/**
 * A row's line of a shard, without its line break. The keys stand in this order, so that the end of the batch tells
 * outputs from errors by a line's beginning and need not parse it.
 */
export function shardLine(outcome: RowOutcome): string {
  const { index, custom_id } = outcome;
  const name = custom_id === undefined ? '' : `"custom_id":${JSON.stringify(custom_id)},`;
  const rest =
    'output' in outcome ? `"output":${JSON.stringify(outcome.output)}` : `"error":${JSON.stringify(outcome.error)}`;
  return `{"index":${index},${name}${rest}}`;
}
