import { ModelJobError } from '../../../planner/index.js';
import type { RowMetadata } from '../../models/contract/model-runtime.js';
import type { RowsOutcome } from '../../models/use/run-rows.js';
import { nameOfRow, type SourceRow } from '../rows-in/source-row.js';
import { metadataKey } from '../shards/row-line.js';
import { keptColumns, wholeRow, type Keep } from './kept-columns.js';

/** Rows that were run, and what lines tell of them beside what became of them. */
export interface RanRows {
  rows: readonly SourceRow[];
  /** The number of a row in the data set, by its place among these. */
  indexOf: (at: number) => number;
  keep: Keep | undefined;
}

/**
 * The lines of rows that were run: `{"index":…,"custom_id":…,"output":…}` with `metadata` and what is kept of the row
 * before its output, where there is any, and `{"index":…,"error":{…},"custom_id":…,"source":…}` for a row that failed,
 * with the row as `input` where anything is kept. Outputs are text already and are not read again.
 *
 * @throws ModelJobError `IntegrityError` for a row that nobody answered
 */
export function linesOfRows(
  { rows, indexOf, keep }: RanRows,
  { outputs, errors, customIds, metadata }: RowsOutcome,
): string[] {
  const failed = new Map(errors.map(({ at, code, message, tries }) => [at, { code, message, tries }]));
  return rows.map((row, at) => {
    const index = `{"index":${indexOf(at)}`;
    const customId = customIds[at] ?? null;
    const name = customId === null ? '' : `,"custom_id":${JSON.stringify(customId)}`;
    const error = failed.get(at);
    return error
      ? `${index},"error":${JSON.stringify(error)}${name}${originOf(row, keep)}}`
      : `${index}${name}${metadataText(metadata.get(at))}${keptOf(row, keep)},"output":${answerIn(outputs, at, indexOf(at))}}`;
  });
}

/** An output that is null is the text `null`. */
function answerIn(outputs: RowsOutcome['outputs'], at: number, index: number): string {
  const text = outputs[at];
  if (typeof text === 'string') return text;
  throw new ModelJobError('IntegrityError', `row ${index} has neither an output nor an error`);
}

/** Where a row that failed came from, and the row itself where rows are kept. */
function originOf(row: SourceRow, keep: Keep | undefined): string {
  const input = keep === undefined || typeof row.text !== 'string' ? '' : `,"input":${wholeRow(row.text)}`;
  return `,"source":${JSON.stringify(nameOfRow(row))}${input}`;
}

function keptOf({ text }: SourceRow, keep: Keep | undefined): string {
  return keep === undefined || typeof text !== 'string' ? '' : keptColumns(text, keep);
}

function metadataText(metadata: RowMetadata | undefined): string {
  return metadata ? `${metadataKey}${JSON.stringify(metadata)}` : '';
}
