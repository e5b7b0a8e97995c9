import { ModelJobError, type ModelAccessJobRequest, type ShardFacts, type ShardPlan } from '../../planner/index.js';
import type { InferenceDeps } from '../inference/deps.js';
import { modelLog } from '../inference/model-log.js';
import { runRows, type RowsOutcome } from '../inference/run-rows.js';
import { useModel } from '../inference/use-model.js';
import { currentReporter } from '../reporter.js';
import { fixedBatchSizer } from '../runtime/batch-sizer.js';
import type { ModelUse } from '../runtime/model-cache.js';
import { linesOf } from './lines.js';
import { isPublished, openPart, type PartFile } from './part-file.js';
import { isErrorLine, linesOfRows } from './row-line.js';
import { readIndex, shardPath, type ShardIndex } from './shard-index.js';
import { createWindowSizer } from './window-sizer.js';
import { windowsOfShard, type Window } from './windows.js';

/** The request comes without its inputs: they are in the plan's folder. */
export interface RunShard {
  request: ModelAccessJobRequest;
  plan: ShardPlan;
  shard: number;
}

/** Runs one shard, from its last durable row on. A shard that is finished is only counted. */
export async function runShard(deps: InferenceDeps, input: RunShard): Promise<ShardFacts> {
  const { request, plan, shard } = input;
  const path = shardPath(plan.folder, shard);
  if (!(await isPublished(path))) {
    const index = await readIndex(plan.folder);
    // A batch that is paused or cancelled lets go of its model.
    await useModel(deps, request, (use) => finish({ ...input, index, use, path }), { unloadOnAbort: true });
  }
  return countShard(path, shard);
}

interface Work extends RunShard {
  index: ShardIndex;
  use: ModelUse;
  path: string;
}

async function finish(work: Work): Promise<void> {
  const part = await openPart(work.path);
  try {
    await runRest(work, part);
    await part.publish();
  } finally {
    await part.close();
  }
}

/** While one window is run, the next one is read and begins: no process waits for the disk. */
async function runRest({ request, plan, shard, index, use, ...work }: Work, part: PartFile): Promise<void> {
  const { report } = currentReporter();
  const failure = new AbortController();
  const signal = AbortSignal.any([currentReporter().signal, failure.signal]);
  const { batchSize, onInputError } = request.options?.batch ?? {};
  const sizer = batchSize ? fixedBatchSizer(batchSize) : use.sizer;
  const windows = createWindowSizer();
  const log = modelLog();
  const total = Math.max(index.shards[shard]?.rows ?? 0, 1);
  let done = part.lines;
  const tell = (rows: number): void => {
    done += rows;
    report({ completed: done, total, unit: 'inputs', message: `shard ${shard + 1} of ${plan.shards}` });
  };
  tell(0);
  const run = async ({ rows }: Window): Promise<RowsOutcome> => {
    const startedAt = performance.now();
    const batch = { rows, named: true, parameters: { ...request.options?.parameters }, folder: `${work.path}.files` };
    const outcome = await runRows(use.pool, { ...batch, form: 'json', sizer }, { signal, log }, tell);
    windows.took(rows.length, performance.now() - startedAt);
    return outcome;
  };
  const append = async (window: Window, outcome: RowsOutcome): Promise<void> => {
    if (onInputError === 'fail') refuseErrors(window, outcome);
    await part.append(linesOfRows(window.firstRow, outcome));
  };
  let appended = Promise.resolve();
  try {
    for await (const window of windowsOfShard(index, shard, { skip: part.lines, size: windows.size, signal })) {
      const running = run(window);
      const before = appended;
      appended = Promise.all([running, before]).then(([outcome]) => append(window, outcome));
      appended.catch(() => undefined);
      await before;
    }
    await appended;
  } finally {
    failure.abort();
  }
}

/** @throws ModelJobError for the first bad row */
function refuseErrors({ firstRow }: Window, { errors, customIds }: RowsOutcome): void {
  const [first] = errors.sort((left, right) => left.at - right.at);
  if (!first) return;
  const customId = customIds[first.at] ?? null;
  const name = customId === null ? '' : ` (${customId})`;
  throw new ModelJobError('InvalidArgument', `row ${firstRow + first.at}${name}: ${first.message}`);
}

/** Counts a finished shard's rows; the file is the truth. */
async function countShard(path: string, shard: number): Promise<ShardFacts> {
  let succeeded = 0;
  let failed = 0;
  for await (const lines of linesOf(path)) {
    const errors = lines.filter(isErrorLine).length;
    failed += errors;
    succeeded += lines.length - errors;
  }
  return { shard, succeeded, failed };
}
