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
import { linesIn } from '../../system/files/lines.js';
import { openFolder, type StorageFolder } from '../storage/index.js';
import { publishedShards } from './shards/published-shards.js';
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
  return { artifacts: [artifact], errors: failed > 0 ? await firstErrors(folder, shards, signal) : [] };
}

/** Of finished shards, and of those that were stopped: where few rows may fail, none is finished when they have. */
async function firstErrors(
  folder: StorageFolder,
  shards: readonly { shard: number }[],
  signal: AbortSignal,
): Promise<RowError[]> {
  const searched = [...shards.map(({ shard }) => shardName(shard)), ...(await partNames(folder, signal))];
  const errors = new Map<number, RowError>();
  for (const name of searched.slice(0, searchedShards)) {
    for await (const lines of linesIn(folder.read(name, { signal }))) {
      for (const error of lines.filter(isErrorLine).flatMap(errorOf)) errors.set(error.index, error);
      if (errors.size >= maxErrors) return [...errors.values()].slice(0, maxErrors);
    }
  }
  return [...errors.values()];
}

async function partNames(folder: StorageFolder, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of folder.list('shards/', signal)) if (name.endsWith('.part')) names.push(name);
  return names.sort();
}

function errorOf(line: string): RowError[] {
  const row = parsed(line);
  if (!row) return [];
  return 'error' in row ? [{ index: row.index, customId: row.custom_id ?? null, ...row.error }] : [];
}

/** A process that died may have left half a line in a part. */
function parsed(line: string): RowLine | undefined {
  try {
    return JSON.parse(line) as RowLine;
  } catch {
    return undefined;
  }
}
