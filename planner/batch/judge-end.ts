import type { RowCounts } from '../job/row-counts.js';
import type { Diagnostic } from '../job/diagnostic.js';
import { ModelJobError } from '../shared/errors.js';

/**
 * Holds a batch's outputs against its plan: read = succeeded + failed, always.
 *
 * @param rows of the plan
 * @throws ModelJobError `IntegrityError` for outputs that hold other rows than were read
 */
export function judgeBatchEnd(rows: number, { succeeded, failed }: RowCounts): void {
  if (succeeded + failed === rows) return;
  const found = `${succeeded} succeeded and ${failed} failed`;
  throw new ModelJobError('IntegrityError', `${rows} rows were read, and ${found}: the outputs are not complete`);
}

/** A remark for a batch whose rows have all failed: it must not look like success. */
export function batchDiagnostics({ succeeded, failed }: RowCounts): Diagnostic[] {
  if (failed === 0 || succeeded > 0) return [];
  const message = `all ${failed} rows failed: the error file says why`;
  return [{ severity: 'error', code: 'batch.allRowsFailed', message, source: 'options.batch.maxInputErrors' }];
}

/** The most rows of a batch that may fail: so many, or a share of all of them, below 1. */
export type FailureLimit = { rows: number } | { share: number };

/** Why a batch's result is no success for a caller that allows so many failed rows; undefined where it is one. */
export function failureBeyond(
  output: Readonly<Record<string, unknown>> | null | undefined,
  limit: FailureLimit,
): string | undefined {
  const { failed, inputCount } = output ?? {};
  if (typeof failed !== 'number' || typeof inputCount !== 'number') return undefined;
  const most = 'rows' in limit ? limit.rows : limit.share * inputCount;
  return failed > most ? `${failed} of ${inputCount} rows failed` : undefined;
}

/** Whether a batch's result is one in which no row has succeeded. */
export function hasNoSuccess(output: Readonly<Record<string, unknown>> | null | undefined): boolean {
  return output?.['succeeded'] === 0 && typeof output['failed'] === 'number' && output['failed'] > 0;
}
