import {
  modelMetadata,
  outputArtifactId,
  type BatchExcerpt,
  type ModelAccessJobRequest,
  type RowCounts,
  type RowError,
  type ShardPlan,
} from '../../planner/index.js';
import type { JobWork } from '../workspace/work.js';
import { openFolder } from '../storage/index.js';
import { publishedLines, publishedShards } from './shards/published-shards.js';
import { isErrorLine, type RowLine } from './shards/row-line.js';
import { shardName } from './shards/shard-index.js';

/** `succeeded` and `failed` are the job's counts, rows of shards that were stopped among them. */
export interface ListDone extends RowCounts {
  request: ModelAccessJobRequest;
  plan: ShardPlan;
}

/** The list's name in the batch's folder. */
const listName = '_PARTIAL.json';

/** How many failed rows a job's error tells of, and how many shards are searched for them. */
const maxErrors = 3;
const searchedShards = 20;

/**
 * Lists what a batch has done that ends before its end: `_PARTIAL.json` in its folder names the finished shards, which
 * stay where they are. Quick whatever the number of rows.
 */
export async function listDone(
  { request, plan, succeeded, failed }: ListDone,
  { signal }: JobWork,
): Promise<BatchExcerpt> {
  const folder = openFolder(plan.folder);
  const sizes = [...(await publishedShards(plan, signal))].sort(([left], [right]) => left - right);
  const shards = sizes.map(([shard, sizeBytes]) => ({ shard, uri: folder.uriOf(shardName(shard)), sizeBytes }));
  const list = { rows: plan.rows, done: succeeded + failed, succeeded, failed, folder: plan.folder, shards };
  const file = await folder.write(listName, [Buffer.from(`${JSON.stringify(list)}\n`)], signal);
  const artifact = {
    ...file,
    id: outputArtifactId(request, 'partial'),
    kind: 'json' as const,
    mediaType: 'application/json',
    metadata: modelMetadata(request.spec, request.backend),
  };
  const searched = shards.slice(0, failed > 0 ? searchedShards : 0);
  return { artifacts: [artifact], errors: await firstErrors(plan, searched, signal) };
}

async function firstErrors(
  plan: ShardPlan,
  shards: readonly { shard: number }[],
  signal: AbortSignal,
): Promise<RowError[]> {
  const errors: RowError[] = [];
  for (const { shard } of shards) {
    for await (const lines of publishedLines(plan, shard, signal)) {
      errors.push(...lines.filter(isErrorLine).flatMap(errorOf));
      if (errors.length >= maxErrors) return errors.slice(0, maxErrors);
    }
  }
  return errors;
}

function errorOf(line: string): RowError[] {
  const row = JSON.parse(line) as RowLine;
  return 'error' in row ? [{ index: row.index, customId: row.custom_id ?? null, ...row.error }] : [];
}
