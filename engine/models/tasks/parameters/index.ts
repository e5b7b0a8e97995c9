import { z } from 'zod';
import { taskName, type ModelTask } from '../../../../planner/index.js';
import { mediaParameters } from './media.js';
import { textParameters } from './text.js';

/** The parameters of a graph of the caller's own. */
export const graphParameters = {
  graph: z.string().optional().describe('path of the graph inside the bundle, where it has several'),
} satisfies z.ZodRawShape;

/** The parameters of each task, whatever runs it: the request's `options.parameters`. */
export const taskParameters = { ...textParameters, ...mediaParameters } satisfies Record<string, z.ZodRawShape>;

/** The parameters of a task; undefined for one that has none of its own. */
export function parametersOfTask(task: ModelTask): z.ZodRawShape | undefined {
  const shapes: Readonly<Record<string, z.ZodRawShape>> = taskParameters;
  const name = taskName(task);
  return typeof task === 'string' && Object.hasOwn(shapes, name) ? shapes[name] : undefined;
}

export { readParameters } from './read-parameters.js';
export { cuttingOf, type Pooling } from './text.js';
