import { z } from 'zod';
import { hasHeuristic, taskName, type HeuristicTask, type ModelTask } from '../../../planner/index.js';
import { readParameters, taskParameters } from '../../models/tasks/parameters/index.js';
import type { Parameters } from './heuristic.js';

const { top_k: labels } = taskParameters.text_classification;
const { aggregation_strategy: strategy } = taskParameters.token_classification;
const { multi_label: each } = taskParameters.zero_shot_classification;
const { max_new_tokens: newTokens, max_length: length } = taskParameters.summarization;
const { top_k: answers } = taskParameters.question_answering;

/** What each heuristic takes: the parameters of its task that it obeys, and its own. */
const shapes = {
  text_classification: { top_k: labels },
  token_classification: { aggregation_strategy: strategy },
  zero_shot_classification: { multi_label: each },
  text_embedding: {
    dimensions: z.int().min(8).max(8192).default(384).describe('numbers of a vector'),
  },
  summarization: {
    sentences: z.int().min(1).optional().describe('sentences of a summary; default: a third of the text’s, 5 at most'),
    max_new_tokens: newTokens,
    max_length: length,
  },
  question_answering: { top_k: answers },
  reranking: {},
} satisfies Record<HeuristicTask, z.ZodRawShape>;

/** The parameters that the heuristic of a task takes; undefined for a task without. */
export function heuristicParameters(task: ModelTask): z.ZodRawShape | undefined {
  return hasHeuristic(task) ? shapes[taskName(task) as HeuristicTask] : undefined;
}

/**
 * A heuristic's own parameters among those of a request. Others are a model's that it stands in for; where it was
 * asked for itself they were refused before.
 *
 * @throws ModelJobError `InvalidArgument` that names the parameter
 */
export function ownParameters<T extends HeuristicTask>(
  task: T,
  given: Parameters,
): z.output<z.ZodObject<(typeof shapes)[T]>> {
  const shape = shapes[task];
  const known = Object.entries(given).filter(([name]) => Object.hasOwn(shape, name));
  return readParameters(shape, Object.fromEntries(known));
}
