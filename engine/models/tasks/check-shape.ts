import { ModelJobError, parseWith, type JsonValue, type ModelJobProblem } from '../../../planner/index.js';
import type { TaskDefinition } from './definition.js';

/** Longest rendering of a refused input in a message, in characters. */
const maxShown = 80;

/**
 * Checks an input by its task's shape.
 *
 * @throws ModelJobError `InvalidArgument` that says where in the input the fault is, and what was found there
 */
export function checkShape({ input: schema, form }: TaskDefinition, input: JsonValue): void {
  try {
    parseWith(schema, input, 'input');
  } catch (error) {
    if (!(error instanceof ModelJobError)) throw error;
    const problems = error.problems.map((problem) => wholeOrPart(problem, form, input));
    const list = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    throw new ModelJobError('InvalidArgument', list.join('; '), { problems });
  }
}

/** A fault of the whole input is told in the task's own words. */
function wholeOrPart(problem: ModelJobProblem, form: string, input: JsonValue): ModelJobProblem {
  return problem.path === '' ? { path: '', message: `expected ${form}, received ${shown(input)}` } : problem;
}

function shown(input: JsonValue): string {
  const text = JSON.stringify(input);
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}
