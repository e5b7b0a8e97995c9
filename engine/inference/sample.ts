import type { JsonValue, ModelAccessJobRequest } from '../../planner/index.js';
import type { PathGuard } from '../workspace/paths.js';
import { taskDefinition } from '../models/tasks/index.js';
import { readInputs } from './read-inputs.js';

/**
 * What a warmup runs: the request's first input, else a small one that fits the task.
 *
 * @param folder where a file that the small one needs is made; models may read it
 * @throws ModelJobError as {@link readInputs}
 */
export async function sampleFor(
  { spec: { task }, inputs }: ModelAccessJobRequest,
  paths: PathGuard,
  folder: string,
): Promise<JsonValue> {
  const [given] = await readInputs(inputs.slice(0, 1), { task, paths });
  return given ?? (await taskDefinition(task).sample(folder));
}
