import { safeName, type ModelAccessJobRequest, type ShardPlan } from '../../planner/index.js';
import type { InferenceDeps } from '../inference/deps.js';
import { jobFolder, jobFolderName } from '../layout.js';
import { currentReporter } from '../reporter.js';
import { below, openFolder, parentOf } from '../storage/index.js';
import { bytesOf, inputSources, planInThread, removeLeftovers } from './input/index.js';
import { findIndex, successName, writeIndex, type ShardIndex } from './shard-index.js';

/** `runKey` tells one run of a job from the next: a job that is run again must not find its old shards. */
export interface PlanShards {
  request: ModelAccessJobRequest;
  runKey: string;
}

type Deps = Pick<InferenceDeps, 'config' | 'paths'>;

/** Cuts the request's data set into shards, once for each run. */
export async function planShards(deps: Deps, { request, runKey }: PlanShards): Promise<ShardPlan> {
  const { signal } = currentReporter();
  const folder = below(await outputFolder(deps, request), `batch-${safeName(runKey)}`);
  const index = (await findIndex(folder, signal)) ?? (await cut(deps, request, folder));
  return planOf(folder, index);
}

/** Where the job's outputs go: the job's folder of this worker, or one of its name where the request says. */
async function outputFolder({ config, paths }: Deps, request: ModelAccessJobRequest): Promise<string> {
  const { jobId } = currentReporter();
  const output = request.options?.batch?.output;
  if (output == null) return jobFolder(config.home, jobId);
  return below(await paths.location(output, 'options.batch.output'), jobFolderName(jobId));
}

async function cut({ config, paths }: Deps, request: ModelAccessJobRequest, folder: string): Promise<ShardIndex> {
  const { jobId, signal, report } = currentReporter();
  // Outputs of a run before this one are not this one's.
  await openFolder(parentOf(folder)).remove(successName, signal);
  const sources = await inputSources(request, paths, signal);
  const total = Math.max(bytesOf({ sources }), 1);
  const scratch = jobFolder(config.home, jobId);
  let read = 0;
  const index = await planInThread(
    { sources, folder, scratch, shardSize: request.options?.batch?.shardSize },
    {
      signal,
      report(bytes) {
        read += bytes;
        report({ completed: Math.min(read, total), total, unit: 'bytes', message: 'counting rows' });
      },
    },
  );
  // An attempt that the server gave up may have been faster: its shards may be at work.
  const other = await findIndex(folder, signal);
  if (!other) await writeIndex(folder, index, signal);
  await removeLeftovers(folder, scratch, other ?? index, signal);
  return other ?? index;
}

function planOf(folder: string, { shards }: ShardIndex): ShardPlan {
  return {
    folder,
    rows: shards.reduce((sum, { rows }) => sum + rows, 0),
    shards: shards.length,
    shardSize: shards[0]?.rows ?? 0,
  };
}
