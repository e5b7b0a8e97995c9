import { safeName, type ModelAccessJobRequest } from '../../../planner/index.js';
import type { InferenceDeps } from '../../inference/deps.js';
import { jobFolder, jobFolderName } from '../../workspace/layout.js';
import { below } from '../../storage/index.js';

/** One run of a batch job. `runKey` tells it from the next: a job that is run again must not find its old shards. */
export interface BatchRun {
  jobId: string;
  runKey: string;
}

/** Where a batch keeps its index and its shards, on this worker or where the request says. */
export async function batchFolder(
  { home, paths }: Pick<InferenceDeps, 'home' | 'paths'>,
  request: ModelAccessJobRequest,
  { jobId, runKey }: BatchRun,
): Promise<string> {
  const output = request.options?.batch?.output;
  const folder =
    output == null
      ? jobFolder(home, jobId)
      : below(await paths.location(output, 'options.batch.output'), jobFolderName(jobId));
  return below(folder, `batch-${safeName(runKey)}`);
}
