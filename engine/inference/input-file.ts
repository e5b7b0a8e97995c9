import { stat } from 'node:fs/promises';
import { ModelJobError, type ModelJobInput } from '../../planner/index.js';
import { pathOfUri, type PathGuard } from '../workspace/paths.js';

/**
 * The file or folder behind an input that is not inline, checked against the roots.
 *
 * @param index of the input in the request
 * @throws ModelJobError `NotFound` in the crate's words, `PermissionDenied`, `InvalidUri` for an artifact elsewhere
 */
export async function inputFile(
  input: Exclude<ModelJobInput, { kind: 'json' }>,
  index: number,
  paths: PathGuard,
): Promise<string> {
  const field = input.kind === 'artifact' ? `inputs[${index}].value.uri` : `inputs[${index}].value`;
  const named = input.kind === 'artifact' ? pathOfUri(input.value.uri, field) : input.value;
  const path = await (input.kind === 'artifact' ? paths.artifact(input.value, field) : paths.resolve(named, field));
  await stat(path).catch(() => {
    throw new ModelJobError('NotFound', `model input path \`${named}\` does not exist`);
  });
  return path;
}
