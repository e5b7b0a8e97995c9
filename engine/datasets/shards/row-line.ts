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
