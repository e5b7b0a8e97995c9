import { readdir, stat } from 'node:fs/promises';
import { ModelJobError, type MissingInput, type ModelAccessJobRequest } from '../../planner/index.js';
import { inputFile } from '../inference/input-file.js';
import type { PathGuard } from '../paths.js';

/**
 * The inputs that are not there: a file or folder that does not exist, and an empty folder.
 *
 * @throws ModelJobError `PermissionDenied`, `InvalidUri`
 */
export async function findMissingInputs(request: ModelAccessJobRequest, paths: PathGuard): Promise<MissingInput[]> {
  const found = await Promise.all(
    request.inputs.map(async (input, index) => {
      if (input.kind === 'json' || (await isThere(input, index, paths))) return [];
      return input.kind === 'artifact'
        ? [{ field: `inputs[${index}].value.uri`, path: input.value.uri }]
        : [{ field: `inputs[${index}].value`, path: input.value }];
    }),
  );
  return found.flat();
}

async function isThere(input: Parameters<typeof inputFile>[0], index: number, paths: PathGuard): Promise<boolean> {
  try {
    const path = await inputFile(input, index, paths);
    return !(await stat(path)).isDirectory() || (await readdir(path)).length > 0;
  } catch (error) {
    if (error instanceof ModelJobError && error.code === 'NotFound') return false;
    throw error;
  }
}
