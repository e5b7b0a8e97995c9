import type { JsonValue, ModelTask } from '../../../planner/index.js';
import type { PathGuard } from '../../paths.js';

/**
 * Checks one input before a runtime sees it, and makes its paths absolute.
 *
 * @throws ModelJobError `InvalidArgument`, `PermissionDenied`, `NotFound`, `ResourceLimit`
 */
export type InputCheck = (input: JsonValue) => Promise<JsonValue>;

/** The check of a task's inputs; a custom task takes any JSON. */
export function inputCheckFor(_task: ModelTask, _paths: PathGuard): InputCheck {
  return (input) => Promise.resolve(input);
}
