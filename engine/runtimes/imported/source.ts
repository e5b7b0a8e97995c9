import { stat } from 'node:fs/promises';
import { ModelJobError, type ArtifactRef } from '../../../planner/index.js';
import { createPathGuard, pathOfUri } from '../../workspace/paths.js';
import type { LoadRequest } from '../../models/contract/model-runtime.js';

/** The file of predictions that a request names. */
export interface PredictionSource {
  /** Absolute, links resolved. */
  path: string;
  /** What is known of its content, where it is an artifact. */
  artifact: Pick<ArtifactRef, 'sha256' | 'sizeBytes'>;
}

/**
 * Finds the request's predictions inside the worker's roots.
 *
 * @throws ModelJobError `InvalidArgument`, `InvalidUri`, `PermissionDenied`, `NotFound`, each with the field
 */
export async function predictionSource({
  options: { predictions },
  settings,
}: Pick<LoadRequest, 'options' | 'settings'>): Promise<PredictionSource> {
  if (!predictions) {
    throw new ModelJobError('InvalidArgument', 'options.predictions: backend `imported` needs the file of predictions');
  }
  const isArtifact = predictions.kind === 'artifact';
  const field = isArtifact ? 'options.predictions.value.uri' : 'options.predictions.value';
  const named = isArtifact ? pathOfUri(predictions.value.uri, field) : predictions.value;
  const paths = createPathGuard(settings.roots, settings.closed);
  const path = await (isArtifact ? paths.artifact(predictions.value, field) : paths.resolve(named, field));
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new ModelJobError('NotFound', `${field}: \`${named}\` does not exist`);
  if (!found.isFile()) throw new ModelJobError('InvalidArgument', `${field}: \`${named}\` is not a file`);
  return { path, artifact: isArtifact ? predictions.value : {} };
}
