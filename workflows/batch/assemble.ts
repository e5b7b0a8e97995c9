import {
  batchDiagnostics,
  deviceDiagnostics,
  ModelJobError,
  truncationDiagnostics,
  type BatchFacts,
  type BatchLedger,
  type JobOutcome,
  type ShardStart,
} from '../../planner/index.js';
import { modelOutcome } from '../outcomes.js';
import { runActivity } from '../proxies.js';
import type { Batch } from './batch.js';
import { runShard } from './run-shards.js';
import { runShardPool } from './shard-pool.js';

/** How often shards that vanished (a host is gone, a folder was emptied) are run again. */
const maxRepairs = 3;

/**
 * Puts the shards together, those first that are not there any more. Returns undefined when the history is long enough
 * for one run: the next one assembles again.
 *
 * @throws ModelJobError `StateUnavailable` when shards keep vanishing
 */
export async function assemble(batch: Batch, ledger: BatchLedger): Promise<JobOutcome | undefined> {
  const { request } = batch;
  const { plan } = ledger;
  for (; batch.repairs <= maxRepairs; batch.repairs++) {
    batch.step = 'assembling';
    batch.show();
    const input = { request, plan, backends: batch.backends };
    const facts = await runActivity('assembleBatch', 'put the shards together', input);
    if (facts.missingShards.length === 0) return outcomeOf(batch, ledger, facts);
    batch.job.log(`running ${facts.missingShards.length} shards again whose output is gone`);
    if (!(await repair(batch, ledger, facts.missingShards))) return undefined;
  }
  throw new ModelJobError('StateUnavailable', `the outputs of shards keep vanishing from \`${plan.folder}\``);
}

/** The rows of these shards have been counted; what becomes of them now is held against the limit in assembly. */
async function repair(batch: Batch, ledger: BatchLedger, missing: readonly number[]): Promise<boolean> {
  const left: ShardStart[] = missing.map((shard) => ({ shard, succeeded: 0, failed: 0 }));
  batch.step = 'running';
  await runShardPool(batch, {
    take: () => left.shift(),
    run: (start) => runShard(batch, ledger, start),
    finish: (_start, facts) => batch.ranBy(facts),
    putBack: (start) => left.unshift(start),
  });
  return left.length === 0;
}

function outcomeOf(
  { job, fallback, deviceWarning }: Batch,
  ledger: BatchLedger,
  { artifacts, succeeded, failed, truncated, provenance }: BatchFacts,
): JobOutcome {
  const { rows, shards } = ledger.plan;
  artifacts.forEach((artifact) => job.artifact(artifact));
  job.progress({ ...ledger.progress('batch inputs accepted'), completed: rows });
  const output = { inputCount: rows, succeeded, failed, shards };
  const diagnostics = [
    ...batchDiagnostics({ succeeded, failed }),
    ...deviceDiagnostics(deviceWarning),
    ...truncationDiagnostics(truncated, rows),
  ];
  return modelOutcome({ artifacts, output, diagnostics, provenance }, fallback);
}
