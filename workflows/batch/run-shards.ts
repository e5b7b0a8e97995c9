import {
  errorsLeft,
  tooManyErrors,
  tooManyErrorsError,
  type BatchLedger,
  type ShardFacts,
  type ShardStart,
} from '../../planner/index.js';
import { runActivity } from '../proxies.js';
import type { Batch } from './batch.js';
import { runShardPool } from './shard-pool.js';

/**
 * Runs the shards that are left, until too many rows have failed. Returns false when the history is long enough for
 * one run.
 *
 * @throws ModelJobError `ResourceLimit` for more errors than `options.batch.maxInputErrors`
 */
export async function runShards(batch: Batch, ledger: BatchLedger): Promise<boolean> {
  const limit = { maxInputErrors: batch.request.options?.batch?.maxInputErrors, total: ledger.plan.rows };
  batch.step = 'running';
  await runShardPool(batch, {
    take: () => ledger.take(),
    run: (start) => runShard(batch, ledger, start, errorsLeft(ledger.counts, limit)),
    putBack: (start, reached) => ledger.putBack(start, reached),
    finish(start, facts) {
      batch.ranBy(facts);
      ledger.finish(start, facts, Date.now());
      if (tooManyErrors(ledger.counts, limit)) throw tooManyErrorsError(ledger.counts, limit);
    },
  });
  return !ledger.hasMore;
}

/** Runs one shard, from its last durable row on. */
export function runShard(
  { request }: Batch,
  { plan }: BatchLedger,
  { shard, ...counted }: ShardStart,
  errorsLeft: number | null = null,
): Promise<ShardFacts> {
  const summary = `shard ${shard + 1} of ${plan.shards}`;
  return runActivity('runShard', summary, { request, plan, shard, counted, errorsLeft });
}
