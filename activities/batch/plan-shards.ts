import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { safeName, type ModelAccessJobRequest, type ShardPlan } from '../../planner/index.js';
import type { InferenceDeps } from '../inference/deps.js';
import { jobFolder } from '../layout.js';
import { currentReporter } from '../reporter.js';
import { cutShards } from './cut-shards.js';
import { dataSetFiles } from './data-set.js';
import { findIndex, writeIndex, type ShardIndex } from './input/shard-index.js';

/** `runKey` tells one run of a job from the next: a job that is run again must not find its old shards. */
export interface PlanShards {
  request: ModelAccessJobRequest;
  runKey: string;
}

/** Cuts the request's data set into shards, once for each run. */
export async function planShards(
  { config, paths }: InferenceDeps,
  { request, runKey }: PlanShards,
): Promise<ShardPlan> {
  const { jobId } = currentReporter();
  const folder = join(jobFolder(config.home, jobId), `batch-${safeName(runKey)}`);
  const index = (await findIndex(folder)) ?? (await cut({ paths }, request, folder));
  return planOf(folder, index);
}

async function cut(
  { paths }: Pick<InferenceDeps, 'paths'>,
  request: ModelAccessJobRequest,
  folder: string,
): Promise<ShardIndex> {
  const reporter = currentReporter();
  const sources = await dataSetFiles(request, folder, paths);
  const sizes = await Promise.all(sources.map(async (path) => (await stat(path)).size));
  const total = Math.max(
    sizes.reduce((sum, size) => sum + size, 0),
    1,
  );
  let read = 0;
  const index = await cutShards(sources, request.options?.batch?.shardSize, reporter.signal, (count) => {
    read += count;
    reporter.report({ completed: Math.min(read, total), total, unit: 'bytes', message: 'counting rows' });
  });
  await writeIndex(folder, index);
  return index;
}

function planOf(folder: string, { shards }: ShardIndex): ShardPlan {
  return {
    folder,
    rows: shards.reduce((sum, { rows }) => sum + rows, 0),
    shards: shards.length,
    shardSize: shards[0]?.rows ?? 0,
  };
}
