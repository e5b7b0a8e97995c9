import type { CommandOptions, ModelJobInput } from '../../planner/index.js';
import type { ProgramInput } from '../../system/processes/start-program.js';
import type { Secret } from '../policy/secrets.js';
import type { PathGuard } from '../workspace/paths.js';
import { namedPlace } from './command-paths.js';

/**
 * What a command reads: a text or a file that the request names, else its inputs, one line of JSON for each.
 *
 * @throws ModelJobError `PermissionDenied` for a path outside the roots, `NotFound` for a file that is not there
 */
export async function stdinOf(
  stdin: CommandOptions['stdin'],
  inputs: readonly ModelJobInput[],
  { paths, secrets }: { paths: PathGuard; secrets: ReadonlyMap<string, Secret> },
): Promise<ProgramInput | undefined> {
  if (stdin == null || stdin === 'inputs') return inputLines(inputs, paths);
  if ('text' in stdin) return { text: stdin.text };
  if ('secret' in stdin) return { text: secrets.get(stdin.secret)?.value ?? '' };
  return { file: await namedPlace(paths, stdin.path, { field: 'options.command.stdin.path', kind: 'file' }) };
}

/** A `json` input is its value, an `artifact` its reference, a `localPath` the resolved path as a string. */
async function inputLines(inputs: readonly ModelJobInput[], paths: PathGuard): Promise<ProgramInput | undefined> {
  if (inputs.length === 0) return undefined;
  const values = await Promise.all(
    inputs.map(async (input, index) =>
      input.kind === 'localPath' ? await paths.resolve(input.value, `inputs[${index}].value`) : input.value,
    ),
  );
  return { text: values.map((value) => `${JSON.stringify(value)}\n`).join('') };
}
