import { z } from 'zod';
import { countRows, parseStored, type RowCounts } from '../../../planner/index.js';

/** How the metadata of a line begins. */
export const metadataKey = ',"metadata":';

const errorLineSchema = z.object({
  index: z.int().min(0),
  custom_id: z.string().nullish(),
  error: z.object({ code: z.string(), message: z.string(), tries: z.exactOptional(z.int()) }),
  source: z.exactOptional(z.string()),
});

const outputLineSchema = z.object({
  index: z.int().min(0),
  custom_id: z.string().nullish(),
  output: z.custom((value) => value !== undefined),
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
 * The number of the row that a line is of; undefined for what is no row's line. It is read whole: who asks goes on with
 * what an earlier attempt or another batch left.
 */
export function rowOfLine(line: string): number | undefined {
  if (!/^\{"index":\d{1,15},"/.test(line)) return undefined;
  return readLine<{ index: number }>(isErrorLine(line) ? errorLineSchema : outputLineSchema, line)?.index;
}

/** Whether a text is the line of a row that failed. */
export function isSoundError(line: string): boolean {
  return readLine(errorLineSchema, line) !== undefined;
}

function readLine<Line>(schema: z.ZodType<Line>, line: string): Line | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
