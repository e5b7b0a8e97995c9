import type { RowMetadata } from '../../models/contract/model-runtime.js';
import type { RowsOutcome } from '../../models/use/run-rows.js';

/** A row of a shard, as its line says: `error` or `output`. */
export type RowLine = { index: number; custom_id?: string; metadata?: RowMetadata } & (
  { output: unknown } | { error: { code: string; message: string; tries?: number } }
);

/**
 * The lines of rows that were run: `{"index":…,"custom_id":…,"output":…}`, with `metadata` before the output where there is any, and `{"index":…,"error":{…},…}` for a row
 * that failed. Outputs are text already and are not read again.
 *
 * @param firstRow the index of the first row in the data set
 */
export function linesOfRows(firstRow: number, { outputs, errors, customIds, metadata }: RowsOutcome): string[] {
  const failed = new Map(errors.map(({ at, code, message, tries }) => [at, { code, message, tries }]));
  return outputs.map((output, at) => {
    const error = failed.get(at);
    const customId = customIds[at] ?? null;
    const name = customId === null ? '' : `,"custom_id":${JSON.stringify(customId)}`;
    const index = `{"index":${firstRow + at}`;
    return error
      ? `${index},"error":${JSON.stringify(error)}${name}}`
      : `${index}${name}${metadataText(metadata.get(at))},"output":${output ?? 'null'}}`;
  });
}

function metadataText(metadata: RowMetadata | undefined): string {
  return metadata ? `${metadataKey}${JSON.stringify(metadata)}` : '';
}

/** How the metadata of a line begins. */
export const metadataKey = ',"metadata":';

/** Whether a shard's line is of a row that failed: seen by its second key, without reading the line. */
export function isErrorLine(line: string): boolean {
  return line.startsWith('"error":', line.indexOf(',') + 1);
}
