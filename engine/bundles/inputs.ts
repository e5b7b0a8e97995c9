import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import {
  modelMetadata,
  ModelJobError,
  outputArtifactId,
  type ArtifactRef,
  type ModelAccessJobRequest,
} from '../../planner/index.js';
import type { PathGuard } from '../workspace/paths.js';
import { isMissingError } from '../../system/files/errno.js';

/**
 * The artifacts of the `localPath` inputs, each of which must exist (the crate's rule).
 *
 * @throws ModelJobError `NotFound` in the crate's words, `PermissionDenied` outside the roots
 */
export async function inputArtifacts(request: ModelAccessJobRequest, paths: PathGuard): Promise<ArtifactRef[]> {
  const artifacts: ArtifactRef[] = [];
  for (const [index, input] of request.inputs.entries()) {
    if (input.kind !== 'localPath') continue;
    const path = await paths.resolve(input.value, `inputs[${index}].value`);
    const stats = await stat(path).catch((error: unknown) => {
      if (!isMissingError(error)) throw error;
      throw new ModelJobError('NotFound', `model input path \`${input.value}\` does not exist`);
    });
    artifacts.push({
      id: outputArtifactId(request, `input-${index}`),
      kind: stats.isDirectory() ? 'directory' : 'file',
      mediaType: 'application/octet-stream',
      uri: pathToFileURL(path).href,
      sizeBytes: stats.size,
      metadata: modelMetadata(request.spec, request.backend),
    });
  }
  return artifacts;
}
