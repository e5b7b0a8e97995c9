import { packageVersion } from '../../../system/files/package-version.js';
import type { ModelVersion } from '../../models/contract/registry.js';

/** The rules are this product's. */
export function heuristicVersion(): Promise<ModelVersion> {
  return Promise.resolve({ label: 'heuristic', version: `model-jobs ${packageVersion('model-jobs') ?? ''}`.trim() });
}
