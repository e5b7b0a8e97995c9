import {
  judgeBatchEnd,
  modelMetadata,
  outputArtifactId,
  tooManyErrors,
  tooManyErrorsError,
  traced,
  type ArtifactRef,
  type BatchFacts,
  type ModelAccessJobRequest,
  type RowCounts,
  type ShardPlan,
  type Version,
} from '../../planner/index.js';
import type { SigningKey } from '../signing/keys.js';
import type { JobWork } from '../workspace/work.js';
import { openFolder } from '../storage/index.js';
import { batchOrigin } from './batch-origin.js';
import { publishOutputs } from './publish-outputs.js';
import { refuseChanges } from './rows-in/index.js';
import { publishedShards, mergeShardsInThread, type MergedFile, type OutputFormat } from './rows-out/index.js';
import { readIndex, shardName } from './shards/shard-index.js';
import { someErrors } from './shards/some-errors.js';

export interface AssembleBatch {
  request: ModelAccessJobRequest;
  plan: ShardPlan;
  /** What has run the shards; absent where an earlier version began the batch. */
  backends?: readonly Version[];
}

/**
 * Puts the shards together, in the order of the data set: `output.jsonl` or `output.parquet` with what succeeded,
 * `errors.jsonl` with what failed, and `_SUCCESS.json` last; the job's plain paths then lead to them. Shards that are
 * not there, or that don't hold their rows once each and in order, are reported, so that they can be run again.
 *
 * @param key signs the outputs
 * @throws ModelJobError `IntegrityError` when an input is not what it was when the batch was planned; `ResourceLimit`
 *   when more rows have failed than may, of shards that were run again too
 */
export async function assembleBatch(
  { request, plan, backends = [] }: AssembleBatch,
  work: JobWork,
  key?: SigningKey,
): Promise<BatchFacts> {
  const { signal, report } = work;
  const sizes = await publishedShards(plan, signal);
  const missing = Array.from({ length: plan.shards }, (_, shard) => shard).filter((shard) => !sizes.has(shard));
  if (missing.length > 0) return lacking(missing);
  const index = await readIndex(plan.folder, signal);
  // What a retry has taken over was held against its inputs when it was read.
  if (!request.options?.batch?.retryOf) await refuseChanges(index, signal);
  const format = request.options?.batch?.outputFormat ?? 'jsonl';
  const together = await mergeShardsInThread(
    { folder: plan.folder, target: plan.folder, rows: index.shards.map(({ rows }) => rows), format },
    [...sizes.values()].reduce((sum, size) => sum + size, 0),
    {
      signal,
      report: (done) =>
        report({ completed: done, total: plan.shards, unit: 'shards', message: 'putting the shards together' }),
    },
  );
  if ('badShard' in together) {
    await openFolder(plan.folder).remove(shardName(together.badShard), signal);
    return lacking([together.badShard]);
  }
  const origin = await batchOrigin(plan, backends, work);
  const outputs = artifactsOf(request, together, format);
  const artifacts = origin ? traced(outputs, origin.provenance) : outputs;
  const counts = { succeeded: together.output.rows, failed: together.errors.rows };
  judgeBatchEnd(plan.rows, counts);
  await judgeErrors({ request, plan, counts }, signal);
  const manifest = { rows: plan.rows, ...counts, artifacts, ...origin };
  const published = await publishOutputs({ request, folder: plan.folder, manifest, key }, signal);
  const { truncated } = together;
  return {
    artifacts: published,
    ...counts,
    ...(truncated > 0 ? { truncated } : {}),
    missingShards: [],
    ...(origin ? { provenance: origin.provenance } : {}),
  };
}

interface Ended extends AssembleBatch {
  counts: RowCounts;
}

/** A shard that vanished and was run again may have come to other rows than those that the job has counted. */
async function judgeErrors({ request, plan, counts }: Ended, signal: AbortSignal): Promise<void> {
  const limit = { maxInputErrors: request.options?.batch?.maxInputErrors, total: plan.rows };
  if (!tooManyErrors(counts, limit)) return;
  const finished = Array.from({ length: plan.shards }, (_, shard) => shardName(shard));
  const errors = await someErrors({ folder: openFolder(plan.folder), finished }, signal);
  throw tooManyErrorsError(counts, limit, errors);
}

function lacking(missingShards: number[]): BatchFacts {
  return { artifacts: [], succeeded: 0, failed: 0, missingShards };
}

function artifactsOf(
  request: ModelAccessJobRequest,
  { output, errors }: { output: MergedFile; errors: MergedFile },
  format: OutputFormat,
): ArtifactRef[] {
  const lines = { kind: 'json', mediaType: 'application/x-ndjson' } as const;
  const table = { kind: 'binary', mediaType: 'application/vnd.apache.parquet' } as const;
  const metadata = modelMetadata(request.spec, request.backend);
  return [
    {
      id: outputArtifactId(request, 'output'),
      ...(format === 'parquet' ? table : lines),
      ...factsOf(output),
      metadata,
    },
    { id: outputArtifactId(request, 'errors'), ...lines, ...factsOf(errors), metadata },
  ];
}

function factsOf({ uri, sizeBytes, sha256 }: MergedFile): Pick<ArtifactRef, 'uri' | 'sizeBytes' | 'sha256'> {
  return { uri, sizeBytes, sha256 };
}
