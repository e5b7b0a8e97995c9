import { safeName, type ModelAccessJobRequest } from '../../../planner/index.js';
import type { InferenceDeps } from '../../inference/deps.js';
import { jobFolder, jobFolderName, runFolderName } from '../../workspace/layout.js';
import { below, nameOf, openFolder } from '../../storage/index.js';

/** One run of a batch job: `runKey` is the first of those that it continues as. */
export interface BatchRun {
  jobId: string;
  runKey: string;
}

type Deps = Pick<InferenceDeps, 'home' | 'paths'>;

/** Where a run of a batch keeps its index, shards and outputs: on this worker, or where the request says. */
export async function batchFolder(deps: Deps, request: ModelAccessJobRequest, run: BatchRun): Promise<string> {
  return below(await folderOfJob(deps, request, run), runFolderName(run.runKey));
}

/** Where versions before this one kept it, with the outputs in the folder above. */
export async function formerBatchFolder(deps: Deps, request: ModelAccessJobRequest, run: BatchRun): Promise<string> {
  return below(await folderOfJob(deps, request, run), `batch-${safeName(run.runKey)}`);
}

/** The folder of a batch's run on this worker, wherever its own is: for what is not shared. */
export function localBatchFolder(home: string, jobId: string, folder: string): string {
  return below(jobFolder(home, jobId), nameOf(folder));
}

/** Where this worker writes what others go on with, where they see its disk. */
export function workFolder(home: string, jobId: string, folder: string): string {
  return openFolder(folder).isLocal ? folder : localBatchFolder(home, jobId, folder);
}

async function folderOfJob(
  { home, paths }: Deps,
  request: ModelAccessJobRequest,
  { jobId }: BatchRun,
): Promise<string> {
  const output = request.options?.batch?.output;
  if (output == null) return jobFolder(home, jobId);
  return below(await paths.location(output, 'options.batch.output'), jobFolderName(jobId));
}
