import type { ModelJobInput } from '../../planner/index.js';
import type { PathGuard } from '../workspace/paths.js';

/**
 * What a command reads: one line of JSON for each input. A `json` input is its value, an `artifact` its
 * reference, a `localPath` the resolved path as a string. Undefined where there is no input.
 *
 * @throws ModelJobError `PermissionDenied` for a path outside the roots
 */
export async function stdinOf(inputs: readonly ModelJobInput[], paths: PathGuard): Promise<string | undefined> {
  if (inputs.length === 0) return undefined;
  const values = await Promise.all(
    inputs.map(async (input, index) =>
      input.kind === 'localPath' ? await paths.resolve(input.value, `inputs[${index}].value`) : input.value,
    ),
  );
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
