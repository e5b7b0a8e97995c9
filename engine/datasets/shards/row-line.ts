import { z } from 'zod';
import { countRows, parseStored, type RowCounts } from '../../../planner/index.js';

/** How the metadata of a line begins. */
export const metadataKey = ',"metadata":';

const outputKey = '"output":';

const errorLineSchema = z.object({
  index: z.int().min(0),
  custom_id: z.string().nullish(),
  error: z.object({ code: z.string(), message: z.string(), tries: z.exactOptional(z.int()) }),
  source: z.exactOptional(z.string()),
});

/** A row that failed, as its line says. */
export type ErrorLine = z.infer<typeof errorLineSchema>;

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

/**
 * Reads the line of a row that failed.
 *
 * @param place where it stands, for the message
 * @throws ModelJobError `IntegrityError`
 */
export function readErrorLine(line: string, place: string): ErrorLine {
  return parseStored(errorLineSchema, line, place, 'row of a batch that failed');
}

/**
 * The number of the row that a line is of; undefined for what is no row's line. Errors are read; of outputs, which are
 * long and many, it is seen that they are closed, and have one.
 */
export function rowOfLine(line: string): number | undefined {
  const [start, index] = /^\{"index":(\d{1,15}),(?=")/.exec(line) ?? [];
  if (start === undefined || !line.endsWith('}')) return undefined;
  const isSound = isErrorLine(line) ? isSoundError(line) : line.includes(outputKey, start.length);
  return isSound ? Number(index) : undefined;
}

/** Whether a text is the line of a row that failed. */
export function isSoundError(line: string): boolean {
  try {
    return errorLineSchema.safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
}
