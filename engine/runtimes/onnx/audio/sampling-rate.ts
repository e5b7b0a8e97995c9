import { ModelJobError } from '../../../../planner/index.js';
import type { Processor } from '../library.js';

/**
 * Samples a second that a model takes.
 *
 * @throws ModelJobError `Failed` for a bundle that doesn't say
 */
export function samplingRate(processor: Processor | undefined): number {
  const rate = processor?.feature_extractor?.config.sampling_rate;
  if (Number.isInteger(rate) && rate !== undefined && rate > 0) return rate;
  throw new ModelJobError('Failed', 'preprocessor_config.json names no `sampling_rate`', { retryable: false });
}
