import type { ModelAccessJobRequest, ShardFacts, ShardPlan } from '../../planner/index.js';
import type { InferenceDeps } from '../inference/deps.js';
import { currentReporter } from '../reporter.js';
import type { LoadedModel } from '../runtime/model-runtime.js';
import { linesOf } from './lines.js';
import { isPublished, openPart, type PartFile } from './part-file.js';
import { rowsOfShard, type Row } from './rows.js';
import { isError, runRows } from './run-rows.js';
import { readIndex, shardPath, type ShardIndex } from './shard-index.js';

/** The request comes without its inputs: they are in the plan's folder. */
export interface RunShard {
  request: ModelAccessJobRequest;
  plan: ShardPlan;
  shard: number;
}

/** Rows in one call of the model, where the request names no number. */
const defaultBatchSize = 32;

/** Runs one shard, from its last durable row on. A shard that is finished is only counted. */
export async function runShard(deps: InferenceDeps, { request, plan, shard }: RunShard): Promise<ShardFacts> {
  const path = shardPath(plan.folder, shard);
  if (!(await isPublished(path))) {
    const reporter = currentReporter();
    const index = await readIndex(plan.folder);
    const bundle = await deps.ensureBundle(request, reporter);
    const wanted = { task: request.spec.task, backend: request.backend, signal: reporter.signal };
    await deps.models.use(bundle, wanted, async ({ model }) => {
      const part = await openPart(path);
      try {
        await runRest({ request, plan, shard, index, model, part });
        await part.publish();
      } finally {
        await part.close();
      }
    });
  }
  return countShard(path, shard);
}

interface Rest extends RunShard {
  index: ShardIndex;
  model: LoadedModel;
  part: PartFile;
}

async function runRest({ request, plan, shard, index, model, part }: Rest): Promise<void> {
  const { signal, report } = currentReporter();
  const { batchSize, onInputError } = request.options?.batch ?? {};
  const options = {
    parameters: { ...request.options?.parameters },
    signal,
    folder: plan.folder,
    addFile: () => undefined,
    onInputError: onInputError ?? 'record',
  } as const;
  const total = Math.max(index.shards[shard]?.rows ?? 0, 1);
  let done = part.lines;
  const tell = (): void =>
    report({ completed: done, total, unit: 'inputs', message: `shard ${shard + 1} of ${plan.shards}` });
  tell();
  const run = async (rows: readonly Row[]): Promise<void> => {
    signal.throwIfAborted();
    await part.append((await runRows(model, rows, options)).map((outcome) => JSON.stringify(outcome)));
    done += rows.length;
    tell();
  };
  let batch: Row[] = [];
  let seen = 0;
  for await (const row of rowsOfShard(index, shard, signal)) {
    if (seen++ < part.lines) continue;
    batch.push(row);
    if (batch.length < (batchSize ?? defaultBatchSize)) continue;
    await run(batch);
    batch = [];
  }
  if (batch.length > 0) await run(batch);
}

/** Counts a finished shard's rows; the file is the truth. */
async function countShard(path: string, shard: number): Promise<ShardFacts> {
  let succeeded = 0;
  let failed = 0;
  for await (const lines of linesOf(path)) {
    const errors = lines.filter(isError).length;
    failed += errors;
    succeeded += lines.length - errors;
  }
  return { shard, succeeded, failed };
}
