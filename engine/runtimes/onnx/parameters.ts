import { z } from 'zod';
import { parseWith } from '../../../planner/index.js';
import type { RunOptions } from '../../models/contract/model-runtime.js';

/**
 * The parameters that a task knows; others are left to whoever knows them.
 *
 * @throws ModelJobError `InvalidArgument` that names the parameter and its value
 */
export function parametersBy<T extends z.ZodRawShape>(
  shape: T,
  { parameters }: Pick<RunOptions, 'parameters'>,
): z.output<z.ZodObject<T>> {
  return parseWith(z.object(shape), parameters, 'options.parameters');
}
