import { ModelJobError, type ModelJobInput } from '../../planner/index.js';
import { stateOfFile } from '../../system/files/file-state.js';
import { inputVersions } from '../workspace/input-versions.js';
import type { PathGuard } from '../workspace/paths.js';

/**
 * Fails once a file among the inputs is not the one that it was, by its place, size and times.
 *
 * @param counts whether the file at this path is still read. Default: each is
 * @throws ModelJobError `IntegrityError` that names the file
 */
export type InputsCheck = (counts?: (location: string) => boolean) => Promise<void>;

/** Notes the state of the files among inputs, before they are read. */
export async function watchInputs(inputs: readonly ModelJobInput[], paths: PathGuard): Promise<InputsCheck> {
  const files = (await Promise.all(inputs.map((input) => placeOf(input, paths)))).flatMap((place) => place ?? []);
  return async (counts = () => true) => {
    for (const { input, location, state } of files.filter(({ location }) => counts(location))) {
      const now = await placeOf(input, paths);
      if (now?.location === location && now.state === state) continue;
      throw new ModelJobError('IntegrityError', `an input file changed while it was read: \`${location}\``);
    }
  };
}

interface InputPlace {
  input: ModelJobInput;
  location: string;
  state: string | undefined;
}

/** Where an input's file lies and in which state; undefined for an input that is no file on this disk. */
async function placeOf(input: ModelJobInput, paths: PathGuard): Promise<InputPlace | undefined> {
  const [file] = (await inputVersions([input], paths, { hashed: false, signal: new AbortController().signal })).files;
  return file && { input, location: file.location, state: await stateOfFile(file.location).catch(() => undefined) };
}
