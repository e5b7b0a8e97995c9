import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  modelMetadata,
  outputArtifactId,
  type BatchExcerpt,
  type ModelAccessJobRequest,
  type RowCounts,
  type RowError,
  type ShardPlan,
} from '../../planner/index.js';
import { fileArtifact, writeFileAtomic } from '../job-files.js';
import { currentReporter } from '../reporter.js';
import { linesOf } from './lines.js';
import type { RowOutcome } from './run-rows.js';
import { shardPath } from './shard-index.js';

/** `succeeded` and `failed` are the job's counts, rows of shards that were stopped among them. */
export interface ListDone extends RowCounts {
  request: ModelAccessJobRequest;
  plan: ShardPlan;
}

/** A finished shard: a JSON Lines file of its rows' outcomes. */
interface DoneShard {
  shard: number;
  uri: string;
  sizeBytes: number;
}

/** How many failed rows a job's error tells of, and how many shards are searched for them. */
const maxErrors = 3;
const searchedShards = 20;

/**
 * Lists what a batch has done that ends before its end: `_PARTIAL.json` beside the shards' folder names the finished
 * shards, which stay where they are. Quick whatever the number of rows.
 */
export async function listDone({ request, plan, succeeded, failed }: ListDone): Promise<BatchExcerpt> {
  const { signal } = currentReporter();
  const shards = await finishedShards(plan);
  const path = join(dirname(plan.folder), '_PARTIAL.json');
  const facts = { rows: plan.rows, done: succeeded + failed, succeeded, failed, folder: plan.folder, shards };
  await writeFileAtomic(path, `${JSON.stringify(facts)}\n`);
  const artifact = await fileArtifact(
    path,
    {
      id: outputArtifactId(request, 'partial'),
      kind: 'json',
      mediaType: 'application/json',
      metadata: modelMetadata(request.spec, request.backend),
    },
    signal,
  );
  return { artifacts: [artifact], errors: failed > 0 ? await firstErrors(plan, shards, signal) : [] };
}

async function finishedShards(plan: ShardPlan): Promise<DoneShard[]> {
  const shards: DoneShard[] = [];
  for (let shard = 0; shard < plan.shards; shard++) {
    const path = shardPath(plan.folder, shard);
    const found = await stat(path).catch(() => undefined);
    if (found) shards.push({ shard, uri: pathToFileURL(path).href, sizeBytes: found.size });
  }
  return shards;
}

async function firstErrors(plan: ShardPlan, shards: readonly DoneShard[], signal: AbortSignal): Promise<RowError[]> {
  const errors: RowError[] = [];
  for (const { shard } of shards.slice(0, searchedShards)) {
    for await (const lines of linesOf(shardPath(plan.folder, shard), { signal })) {
      errors.push(...lines.flatMap(errorOf));
      if (errors.length >= maxErrors) return errors.slice(0, maxErrors);
    }
  }
  return errors;
}

function errorOf(line: string): RowError[] {
  const outcome = JSON.parse(line) as RowOutcome;
  if (!('error' in outcome)) return [];
  const { index, custom_id: customId = null, error } = outcome;
  return [{ index, customId, ...error }];
}
