import { countRows, type RowCounts } from '../../../planner/index.js';
import type { RowMetadata } from '../../models/contract/model-runtime.js';

/** A row of a shard, as its line says: `error` or `output`. */
export type RowLine = { index: number; custom_id?: string; metadata?: RowMetadata } & (
  { output: unknown } | { error: { code: string; message: string; tries?: number }; source?: string }
);

/** How the metadata of a line begins. */
export const metadataKey = ',"metadata":';

/** Whether a shard's line is of a row that failed: seen by its second key, without reading the line. */
export function isErrorLine(line: string): boolean {
  return line.startsWith('"error":', line.indexOf(',') + 1);
}

/** The code of a row that failed, read from how its line is written: `{"index":…,"error":{"code":"…`. */
function codeOfLine(line: string): string | undefined {
  return /^\{"index":\d+,"error":\{"code":"(\w+)"/.exec(line)?.[1];
}

/** How the rows of these lines came out. */
export function countLines(lines: readonly string[]): RowCounts {
  const codes = lines.filter(isErrorLine).map((line) => codeOfLine(line) ?? 'Failed');
  return countRows(lines.length, codes);
}
