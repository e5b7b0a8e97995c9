import type { RowCounts } from '../job/row-counts.js';
import { ModelJobError } from '../shared/errors.js';
import type { RowError } from '../job/facts.js';

/** The least rows that a share of errors is judged on. */
const leastRows = 100;

/** How many errors a share must allow on the rows that are done before they are judged. */
const leastAllowed = 10;

/** What a batch's errors are held against. */
export interface ErrorLimit {
  /** `options.batch.maxInputErrors`: a count, or below 1 a share of the rows that are done. */
  maxInputErrors: number | null | undefined;
  /** Rows of the data set. */
  total: number;
}

/**
 * From how many rows on a share of errors is judged: those that would allow ten errors, at least 100 and never more
 * than there are. 0 and counts hold from the first row on.
 */
export function rowsToJudge(maxInputErrors: number, total: number): number {
  if (maxInputErrors === 0 || maxInputErrors >= 1) return 1;
  return Math.min(Math.max(leastRows, Math.ceil(leastAllowed / maxInputErrors)), total);
}

/** Whether more rows have failed than may. */
export function tooManyErrors({ succeeded, failed }: RowCounts, { maxInputErrors, total }: ErrorLimit): boolean {
  if (maxInputErrors == null) return false;
  const done = succeeded + failed;
  if (done < rowsToJudge(maxInputErrors, total)) return false;
  return failed > (maxInputErrors < 1 ? maxInputErrors * done : maxInputErrors);
}

/**
 * How many rows more may fail before the limit is certainly passed, whatever becomes of the rest: so much a shard may
 * decide for itself. Null without a limit.
 */
export function errorsLeft({ failed }: RowCounts, { maxInputErrors, total }: ErrorLimit): number | null {
  if (maxInputErrors == null) return null;
  return Math.max(Math.floor(maxInputErrors < 1 ? maxInputErrors * total : maxInputErrors) - failed, 0);
}

/**
 * The error of a batch whose circuit is broken: how many rows have failed, how many might have, and why some did.
 *
 * @param errors some of the rows that failed
 */
export function tooManyErrorsError(
  counts: RowCounts,
  { maxInputErrors, total }: ErrorLimit,
  errors: readonly RowError[] = [],
): ModelJobError {
  const { succeeded, failed } = counts;
  const done = succeeded + failed;
  const most = maxInputErrors ?? 0;
  const limit = most > 0 && most < 1 ? `${Number((most * 100).toPrecision(6))} %` : String(most);
  const [first] = errors;
  const place = first?.source === undefined ? '' : ` (${first.source})`;
  const example = first ? `; row ${first.index}${place}: ${first.message}` : '';
  return new ModelJobError(
    'ResourceLimit',
    `${failed} of the ${done} rows that are done have failed, options.batch.maxInputErrors allows ${limit}${example}`,
    { details: { done, ...counts, total, maxInputErrors: most, errors } },
  );
}
