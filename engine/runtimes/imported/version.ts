import type { ModelVersion, VersionQuestion } from '../../models/contract/registry.js';
import { predictionSource } from './source.js';

/** The bytes of the file of predictions. */
export async function predictionsVersion({ request, settings, sha256 }: VersionQuestion): Promise<ModelVersion> {
  const { path } = await predictionSource({ options: { predictions: request.options?.predictions }, settings });
  return { label: 'imported', version: `predictions sha256:${await sha256(path)}` };
}
