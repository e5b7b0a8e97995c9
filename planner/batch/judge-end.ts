import type { RowCounts } from '../job/row-counts.js';
import type { Diagnostic } from '../job/result.js';
import { ModelJobError } from '../shared/errors.js';

/**
 * Holds the end of a batch against its plan: read = succeeded + failed, always.
 *
 * @param rows of the plan
 * @returns a remark for a batch whose rows have all failed: it must not look like success
 * @throws ModelJobError `IntegrityError` for outputs that hold other rows than were read
 */
export function judgeBatchEnd(rows: number, { succeeded, failed }: RowCounts): Diagnostic[] {
  if (succeeded + failed !== rows) {
    const found = `${succeeded} succeeded and ${failed} failed`;
    throw new ModelJobError('IntegrityError', `${rows} rows were read, and ${found}: the outputs are not complete`);
  }
  if (rows === 0 || succeeded > 0) return [];
  return [
    {
      severity: 'error',
      code: 'batch.allRowsFailed',
      message: `all ${rows} rows failed: the error file says why`,
      source: 'options.batch.maxInputErrors',
    },
  ];
}

/** Whether a batch's result is one in which no row has succeeded. */
export function hasNoSuccess(output: Readonly<Record<string, unknown>> | null | undefined): boolean {
  return output?.['succeeded'] === 0 && typeof output['failed'] === 'number' && output['failed'] > 0;
}
