import type { ModelAccessJobRequest, ShardPlan } from '../../../planner/index.js';
import type { InferenceDeps } from '../../inference/deps.js';
import { batchFolder, formerBatchFolder, type BatchRun } from '../shards/batch-folder.js';
import { isShardPublished, publishedLines } from '../shards/published-shards.js';
import { isErrorLine } from '../shards/row-line.js';
import { findIndex } from '../shards/shard-index.js';

/** A finished shard of the batch that is retried. */
export interface BaseShard {
  /** The lines of its rows, in order. */
  lines(signal: AbortSignal): AsyncGenerator<string[]>;
  /** The rows that succeeded. */
  kept: number;
  /** The places in the shard of the rows that failed, from 0, in order: these are run again. */
  failed: number[];
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

/** Reads which rows of a shard failed before; undefined where all are to be run: a batch anew, an unfinished shard. */
export async function readBaseShard(
  plan: ShardPlan,
  folder: string | undefined,
  shard: number,
  signal: AbortSignal,
): Promise<BaseShard | undefined> {
  if (folder === undefined) return undefined;
  const base = { ...plan, folder };
  if (!(await isShardPublished(base, shard, signal))) return undefined;
  const failed: number[] = [];
  let rows = 0;
  for await (const lines of publishedLines(base, shard, signal)) {
    for (const line of lines) {
      if (isErrorLine(line)) failed.push(rows);
      rows += 1;
    }
  }
  return { lines: (anotherSignal) => publishedLines(base, shard, anotherSignal), kept: rows - failed.length, failed };
}
