import {
  modelMetadata,
  outputArtifactId,
  traced,
  type BatchExcerpt,
  type ModelAccessJobRequest,
  type RowCounts,
  type RowError,
  type ShardPlan,
  type Version,
} from '../../planner/index.js';
import type { JobWork } from '../workspace/work.js';
import { linesIn } from '../../system/files/lines.js';
import { openFolder, type StorageFolder } from '../storage/index.js';
import type { InferenceDeps } from '../inference/deps.js';
import { batchOrigin } from './batch-origin.js';
import { workFolder } from './shards/batch-folder.js';
import { publishedShards } from './shards/published-shards.js';
import { isErrorLine, isSoundError, readErrorLine } from './shards/row-line.js';
import { shardName } from './shards/shard-index.js';

/** `succeeded` and `failed` are the job's counts, rows of shards that were stopped among them. */
export interface ListDone extends RowCounts {
  request: ModelAccessJobRequest;
  plan: ShardPlan;
  /** What has run shards; absent where an earlier version began the batch. */
  backends?: readonly Version[];
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
  { home }: Pick<InferenceDeps, 'home'>,
  { request, plan, backends = [], ...counts }: ListDone,
  work: JobWork,
): Promise<BatchExcerpt> {
  const { signal } = work;
  const folder = openFolder(plan.folder);
  const sizes = [...(await publishedShards(plan, signal))].sort(([left], [right]) => left - right);
  const shards = sizes.map(([shard, sizeBytes]) => ({ shard, uri: folder.uriOf(shardName(shard)), sizeBytes }));
  const stopped = openFolder(workFolder(home, work.jobId, plan.folder));
  const finished = shards.map(({ shard }) => shardName(shard)).reverse();
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

interface Searched {
  folder: StorageFolder;
  /** Names of finished shards. */
  finished: readonly string[];
  /** Where this worker keeps what it has of stopped ones. */
  stopped: StorageFolder;
}

/**
 * Of shards that were stopped, and of the last that were finished: what ended the batch is among them. Where few rows may
 * fail, none is finished when they have.
 */
async function someErrors({ folder, finished, stopped }: Searched, signal: AbortSignal): Promise<RowError[]> {
  const parts = (await partNames(stopped, signal)).map((name) => ({ folder: stopped, name }));
  const searched = [...parts, ...finished.map((name) => ({ folder, name }))].slice(0, searchedShards);
  const errors = new Map<number, RowError>();
  for (const file of searched) {
    if (errors.size >= maxErrors) break;
    for await (const lines of linesIn(file.folder.read(file.name, { signal }))) {
      for (const error of lines.filter(isErrorLine).flatMap(errorOf)) errors.set(error.index, error);
      if (errors.size >= maxErrors) break;
    }
  }
  return [...errors.values()].slice(0, maxErrors).sort((left, right) => left.index - right.index);
}

async function partNames(folder: StorageFolder, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of folder.list('shards/', signal)) if (name.endsWith('.part')) names.push(name);
  return names.sort();
}

/** A process that died may have left half a line in a part. */
function errorOf(line: string): RowError[] {
  if (!isSoundError(line)) return [];
  const { index, custom_id: customId = null, error, source } = readErrorLine(line, 'shard');
  return [{ index, customId, ...(source === undefined ? {} : { source }), ...error }];
}
