import { z } from 'zod';
import { taskName, type ModelTask } from '../../../planner/index.js';
import { parametersOfTask } from '../../models/tasks/parameters/index.js';

/** What heuristics take beside the parameters of their tasks. */
const own: Readonly<Record<string, z.ZodRawShape>> = {
  text_embedding: { dimensions: z.int().min(8).max(8192).optional().describe('numbers of a vector; default: 384') },
  summarization: { sentences: z.int().min(1).optional().describe('sentences of a summary; default: 3') },
};

/** The parameters of a heuristic: all that its task has, for it may stand in for a model, and its own. */
export function heuristicParameters(task: ModelTask): z.ZodRawShape | undefined {
  const shape = parametersOfTask(task);
  return shape && { ...shape, ...own[taskName(task)] };
}
