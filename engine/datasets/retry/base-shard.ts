import type { ModelAccessJobRequest, ShardPlan } from '../../../planner/index.js';
import type { InferenceDeps } from '../../inference/deps.js';
import { batchFolder, formerBatchFolder, type BatchRun } from '../shards/batch-folder.js';
import { isShardPublished, publishedLines } from '../shards/published-shards.js';
import { isErrorLine, readErrorLine } from '../shards/row-line.js';
import { findIndex, shardName } from '../shards/shard-index.js';

/** A finished shard of the batch that is retried. */
export interface BaseShard {
  /** The lines of its rows, in order. */
  lines(signal: AbortSignal): AsyncGenerator<string[]>;
  /** The rows that succeeded. */
  kept: number;
  /** The rows that failed, in order: these are run again. */
  failed: FailedRow[];
}

/** A row that failed. */
export interface FailedRow {
  /** Its place in the shard, from 0. */
  place: number;
  customId: string | undefined;
}

type Deps = Pick<InferenceDeps, 'home' | 'paths'>;

/** The folder of the batch whose failed rows a job runs again; undefined for a job that is no retry. */
export async function findBase(
  deps: Deps,
  request: ModelAccessJobRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const run = baseOf(request);
  if (!run) return undefined;
  const former = await formerBatchFolder(deps, request, run);
  return (await findIndex(former, signal)) ? former : batchFolder(deps, request, run);
}

/** The same for a shard: the plan names it, unless a version made the plan that kept batches elsewhere. */
export async function baseFolder(
  deps: Deps,
  request: ModelAccessJobRequest,
  { base }: ShardPlan,
): Promise<string | undefined> {
  const run = baseOf(request);
  return run && (base ?? formerBatchFolder(deps, request, run));
}

function baseOf({ options }: ModelAccessJobRequest): BatchRun | undefined {
  const base = options?.batch?.retryOf;
  return base ? { jobId: base.jobId, runKey: base.runId } : undefined;
}

/** Reads which rows of a shard failed before; undefined for a shard that was not finished: all are to be run. */
export async function readBaseShard(
  folder: string,
  shard: number,
  signal: AbortSignal,
): Promise<BaseShard | undefined> {
  if (!(await isShardPublished({ folder }, shard, signal))) return undefined;
  const failed: FailedRow[] = [];
  let rows = 0;
  for await (const lines of publishedLines({ folder }, shard, signal)) {
    for (const line of lines) {
      if (isErrorLine(line))
        failed.push({ place: rows, customId: readErrorLine(line, shardName(shard)).custom_id ?? undefined });
      rows += 1;
    }
  }
  const lines: BaseShard['lines'] = (anotherSignal) => publishedLines({ folder }, shard, anotherSignal);
  return { lines, kept: rows - failed.length, failed };
}
