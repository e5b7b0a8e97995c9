import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * All executable files of a name on the PATH, in order. Relative and empty entries are left out, so that nothing runs
 * by accident of the working folder, which others may write to.
 *
 * @param name with its ending where the system has one (`.exe`)
 */
export async function programsOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const candidates = [...new Set(folders)].map((folder) => join(folder, name));
  const usable = await Promise.all(candidates.map(isExecutableFile));
  return candidates.filter((_, index) => usable[index]);
}

/** Whether a path is a file that may be executed. */
export async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
