import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { tooManyErrors, tooManyErrorsError, type BatchExcerpt } from '../../planner/index.js';
import { runActivity } from '../proxies.js';
import type { Batch } from './batch.js';

/**
 * Keeps and lists what a batch has done that ends before its end: its record then says how far it came.
 *
 * @param error that ends it
 * @returns the error to end with: one of too many bad rows says what was wrong with them
 */
export async function endEarly(batch: Batch, error: unknown): Promise<unknown> {
  const { ledger, job, request } = batch;
  if (!ledger) return error;
  batch.step = 'stopping';
  const excerpt = await listDone(batch);
  batch.step = 'ended';
  if (excerpt?.provenance) job.trace(excerpt.provenance);
  excerpt?.artifacts.forEach((artifact) => job.artifact(artifact));
  job.progress(
    ledger.progress(`${ledger.counts.succeeded} succeeded, ${ledger.counts.failed} failed; what is done is kept`),
  );
  const limit = { maxInputErrors: request.options?.batch?.maxInputErrors, total: ledger.plan.rows };
  return !isCancellation(error) && tooManyErrors(ledger.counts, limit)
    ? tooManyErrorsError(ledger.counts, limit, excerpt?.errors)
    : error;
}

/** Undefined where no worker can: a batch ends whatever becomes of its list. */
async function listDone({ ledger, request, backends }: Batch): Promise<BatchExcerpt | undefined> {
  if (!ledger) return undefined;
  const { plan, counts } = ledger;
  try {
    return await CancellationScope.nonCancellable(() =>
      runActivity('listDone', 'list what is done', { request, plan, backends, ...counts }),
    );
  } catch {
    return undefined;
  }
}
