import {
  modelMetadata,
  outputArtifactId,
  traced,
  type BatchExcerpt,
  type ModelAccessJobRequest,
  type RowCounts,
  type ShardPlan,
  type Version,
} from '../../planner/index.js';
import type { JobWork } from '../workspace/work.js';
import { openFolder } from '../storage/index.js';
import type { InferenceDeps } from '../inference/deps.js';
import { batchOrigin } from './batch-origin.js';
import { workFolder } from './shards/batch-folder.js';
import { publishedShards } from './shards/published-shards.js';
import { shardName } from './shards/shard-index.js';
import { someErrors } from './shards/some-errors.js';

/** `succeeded` and `failed` are the job's counts, rows of shards that were stopped among them. */
export interface ListDone extends RowCounts {
  request: ModelAccessJobRequest;
  plan: ShardPlan;
  /** What has run shards; absent where an earlier version began the batch. */
  backends?: readonly Version[];
}

/** The list's name in the batch's folder. */
const listName = '_PARTIAL.json';

/**
 * Lists what a batch has done that ends before its end: `_PARTIAL.json` in its folder names the finished shards, which
 * stay where they are. Quick whatever the number of rows.
 */
export async function listDone(
  { home }: Pick<InferenceDeps, 'home'>,
  { request, plan, backends = [], ...counts }: ListDone,
  work: JobWork,
): Promise<BatchExcerpt> {
  const { signal } = work;
  const folder = openFolder(plan.folder);
  const sizes = [...(await publishedShards(plan, signal))].sort(([left], [right]) => left - right);
  const shards = sizes.map(([shard, sizeBytes]) => ({ shard, uri: folder.uriOf(shardName(shard)), sizeBytes }));
  const stopped = openFolder(workFolder(home, work.jobId, plan.folder));
  const finished = shards.map(({ shard }) => shardName(shard));
  const errors = counts.failed > 0 ? await someErrors({ folder, finished, stopped }, signal) : [];
  const done = counts.succeeded + counts.failed;
  const origin = await batchOrigin(plan, backends, work);
  const list = { rows: plan.rows, done, ...counts, folder: plan.folder, errors, shards, ...origin };
  const file = await folder.write(listName, [Buffer.from(`${JSON.stringify(list)}\n`)], signal);
  const artifact = {
    ...file,
    id: outputArtifactId(request, 'partial'),
    kind: 'json' as const,
    mediaType: 'application/json',
    metadata: modelMetadata(request.spec, request.backend),
  };
  if (!origin) return { artifacts: [artifact], errors };
  const { provenance } = origin;
  return { artifacts: traced([artifact], provenance), errors, provenance };
}
