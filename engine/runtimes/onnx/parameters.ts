import type { z } from 'zod';
import type { RunOptions } from '../../models/contract/model-runtime.js';
import { readParameters } from '../../models/tasks/parameters/index.js';

/**
 * The parameters of a run, with their defaults.
 *
 * @throws ModelJobError `InvalidArgument` as {@link readParameters}
 */
export function parametersBy<T extends z.ZodRawShape>(
  shape: T,
  { parameters }: Pick<RunOptions, 'parameters'>,
): z.output<z.ZodObject<T>> {
  return readParameters(shape, parameters);
}
