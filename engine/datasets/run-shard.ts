import { join } from 'node:path';
import {
  addCounts,
  countRows,
  type ModelAccessJobRequest,
  type RowCounts,
  type ShardFacts,
  type ShardPlan,
} from '../../planner/index.js';
import { makeRealFolder } from '../../system/files/real-folder.js';
import { backendVersion } from '../inference/backend-version.js';
import type { InferenceDeps } from '../inference/deps.js';
import type { RowError } from '../models/host/messages.js';
import { runRows, type RowsOutcome } from '../models/use/run-rows.js';
import { useModel, usePinnedModel, type UsedModel } from '../inference/use-model.js';
import type { JobWork } from '../workspace/work.js';
import { fixedCallSizer } from '../models/use/call-sizer.js';
import { localBatchFolder } from './shards/batch-folder.js';
import { isShardPublished, publishedLines, publishShard, shardWorkPath } from './shards/published-shards.js';
import { openPart, type PartFile } from './shards/part-file.js';
import { countLines } from './shards/row-line.js';
import { baseFolder, readBaseShard } from './retry/base-shard.js';
import { readMended, type MendedRows } from './retry/mended-rows.js';
import { copyShard, mergeShard } from './retry/merge-shard.js';
import { rowsToRun, type ShardRows } from './retry/rows-to-run.js';
import { keepOf, namesOf } from './run/kept-columns.js';
import { linesOfRows } from './run/row-lines.js';
import { refuseErrors } from './run/refuse-errors.js';
import { createShardCount } from './run/shard-count.js';
import { readIndex } from './shards/shard-index.js';
import { createWindowSizer } from './run/window-sizer.js';
import { windowsOf, type Window } from './run/windows.js';

/** The request comes without its inputs: they are in the plan's folder. */
export interface RunShard {
  request: ModelAccessJobRequest;
  plan: ShardPlan;
  shard: number;
  /** Rows of this shard that the job has counted already: progress is reported beyond them. Default: none. */
  counted?: RowCounts;
  /** How many rows of this shard may fail beyond `counted`, before the job has failed for sure. Default: all. */
  errorsLeft?: number | null;
}

/** Runs one shard, from its last durable row on. A shard that is finished is only counted. */
export async function runShard(deps: InferenceDeps, input: RunShard, work: JobWork): Promise<ShardFacts> {
  const { request, plan, shard } = input;
  const { signal } = work;
  if (await isShardPublished(plan, shard, signal)) return countShard(plan, shard, signal);
  const folder = await baseFolder(deps, request, plan);
  const base = folder === undefined ? undefined : await readBaseShard(folder, shard, signal);
  if (base?.failed.length === 0) return copyShard(base, plan, shard, signal);
  const index = await readIndex(plan.folder, signal);
  const mended: MendedRows = folder === undefined ? new Map() : await readMended(plan.folder, shard, signal);
  return useModelOf(deps, input, work, (use) => finish(deps, { ...input, index, base, mended, use }, work));
}

/** Of the plan; one that an earlier version made has none. */
async function useModelOf(
  deps: InferenceDeps,
  { request, plan }: RunShard,
  work: JobWork,
  run: (use: UsedModel) => Promise<ShardFacts>,
): Promise<ShardFacts> {
  const { model, fallback } = plan;
  // A batch that is paused or cancelled lets go of its model.
  const options = { unloadOnAbort: true };
  if (!model) return useModel(deps, request, work, run, options);
  const keepAndRun = async (use: UsedModel): Promise<ShardFacts> => {
    await deps.bundleUsers.keep(model, work.jobId);
    return run(use);
  };
  return usePinnedModel(deps, request, { model, ...(fallback ? { fallback } : {}), work }, keepAndRun, options);
}

interface ShardRun extends RunShard, ShardRows {
  use: UsedModel;
}

async function finish(deps: InferenceDeps, run: ShardRun, work: JobWork): Promise<ShardFacts> {
  const { home } = deps;
  const { request, plan, shard, base, use } = run;
  const { jobId, signal } = work;
  const filesFolder = join(localBatchFolder(home, jobId, plan.folder), 'files');
  await makeRealFolder(filesFolder);
  const part = await openPart(shardWorkPath(home, jobId, plan, shard));
  try {
    const counts = await runRest({ ...run, filesFolder }, part, work);
    await part.publish(async (path) =>
      publishShard(plan, shard, base ? await mergeShard(base, path, signal) : path, signal),
    );
    const backend = await backendVersion(deps, request, use, signal);
    return { shard, ...counts, backend, ...use.pool.device, ...(use.fallback ? { fallback: use.fallback } : {}) };
  } finally {
    await part.close();
  }
}

/** While one window is run, the next one is read and begins: no process waits for the disk. */
async function runRest(
  {
    request,
    plan,
    shard,
    counted,
    errorsLeft,
    index,
    base,
    mended,
    use,
    filesFolder,
  }: ShardRun & { filesFolder: string },
  part: PartFile,
  work: JobWork,
): Promise<RowCounts> {
  const failure = new AbortController();
  const signal = AbortSignal.any([work.signal, failure.signal]);
  const { parameters, batch, inputTries, inputTimeoutSeconds } = request.options ?? {};
  const { batchSize, onInputError, outputFormat } = batch ?? {};
  const sizer = batchSize ? fixedCallSizer(batchSize) : use.sizer;
  const keep = keepOf(batch?.keep);
  const windows = createWindowSizer();
  const message = `shard ${shard + 1} of ${plan.shards}`;
  const count = createShardCount({ rows: index.shards[shard]?.rows ?? 0, counted, errorsLeft, message }, work);
  count.add(addCounts(part.counts, { succeeded: base?.kept ?? 0, failed: 0 }));
  const firstRow = index.shards[shard]?.firstRow ?? 0;
  const rowOf = (place: number): number => firstRow + (base?.failed[place]?.place ?? place);
  const rowIn = (window: Window, at: number): number => rowOf(window.firstRow - firstRow + at);
  const run = async (window: Window): Promise<RowsOutcome> => {
    const rows = window.rows.map(({ text }) => text);
    const startedAt = performance.now();
    const form = outputFormat === 'openai' ? 'openai' : 'json';
    const call = {
      rows,
      named: true,
      kept: namesOf(keep),
      parameters: { ...parameters },
      folder: filesFolder,
      form,
    } as const;
    const limits = { tries: inputTries, timeoutSeconds: inputTimeoutSeconds };
    const indexOf = (at: number): number => rowIn(window, at);
    const refuse = (error: RowError): void => refuseErrors({ errors: [error], customIds: [] }, indexOf);
    const onGivenUp = onInputError === 'fail' ? refuse : undefined;
    const outcome = await runRows(
      use,
      { ...call, sizer, limits, indexOf, onGivenUp },
      { signal, log: work.log },
      () => undefined,
    );
    windows.took(rows.length, performance.now() - startedAt);
    return outcome;
  };
  const append = async (window: Window, outcome: RowsOutcome): Promise<void> => {
    if (onInputError === 'fail') refuseErrors(outcome, (at) => rowIn(window, at));
    const ran = { rows: window.rows, indexOf: (at: number) => rowIn(window, at), keep };
    await part.append(linesOfRows(ran, outcome));
    count.add(
      countRows(
        window.rows.length,
        outcome.errors.map(({ code }) => code),
      ),
    );
  };
  let appended = Promise.resolve();
  try {
    const rows = rowsToRun({ index, shard, base, mended }, part.lines, signal);
    for await (const window of windowsOf(rows, firstRow + part.lines, windows.size)) {
      const running = run(window);
      const before = appended;
      appended = Promise.all([running, before]).then(([outcome]) => append(window, outcome));
      appended.catch(() => undefined);
      await before;
    }
    await appended;
    return count.counts;
  } finally {
    failure.abort();
  }
}

/** Counts a finished shard's rows; the file is the truth. */
async function countShard(plan: ShardPlan, shard: number, signal: AbortSignal): Promise<ShardFacts> {
  let counts: RowCounts = { succeeded: 0, failed: 0 };
  for await (const lines of publishedLines(plan, shard, signal)) counts = addCounts(counts, countLines(lines));
  return { shard, ...counts };
}
