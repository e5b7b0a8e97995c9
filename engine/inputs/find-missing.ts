import { readdir, stat } from 'node:fs/promises';
import {
  ModelJobError,
  type MissingInput,
  type ModelAccessJobRequest,
  type ModelJobInput,
} from '../../planner/index.js';
import { inputSources } from '../datasets/rows-in/index.js';
import { inputFile } from '../inference/input-file.js';
import type { PathGuard } from '../workspace/paths.js';

/**
 * The inputs that are not there, as the request's kind reads them: a file, folder or S3 object that does not exist, an
 * empty folder, and for a batch a folder or glob without data. Other faults of an input are for the work to tell.
 *
 * @throws ModelJobError `Io` for storage that does not answer now
 */
export async function findMissingInputs(
  request: ModelAccessJobRequest,
  paths: PathGuard,
  signal: AbortSignal,
): Promise<MissingInput[]> {
  const missing: MissingInput[] = [];
  for (const [index, input] of request.inputs.entries()) {
    if (input.kind === 'json' || (await isThere(() => open(input, index)))) continue;
    const { value, kind } = input;
    if (kind === 'artifact') missing.push({ field: `inputs[${index}].value.uri`, path: value.uri });
    else missing.push({ field: `inputs[${index}].value`, path: value });
  }
  return missing;

  function open(input: FileInput, index: number): Promise<unknown> {
    if (request.kind === 'BatchInference') return inputSources({ ...request, inputs: [input] }, paths, signal);
    return fileOrFull(input, index, paths);
  }
}

type FileInput = Exclude<ModelJobInput, { kind: 'json' }>;

async function isThere(open: () => Promise<unknown>): Promise<boolean> {
  try {
    await open();
    return true;
  } catch (error) {
    if (!(error instanceof ModelJobError) || error.retryable) throw error;
    return error.code !== 'NotFound';
  }
}

async function fileOrFull(input: FileInput, index: number, paths: PathGuard): Promise<void> {
  const path = await inputFile(input, index, paths);
  if ((await stat(path)).isDirectory() && (await readdir(path)).length === 0) {
    throw new ModelJobError('NotFound', `model input path \`${path}\` is empty`);
  }
}
