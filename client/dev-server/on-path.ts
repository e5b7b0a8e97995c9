import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { checkExecutable } from './check-executable.js';
import { programName, type FoundExecutable, type Miss, type Search } from './search.js';

/** The first working `temporal` on the PATH. */
export async function findOnPath(search: Search): Promise<FoundExecutable | Miss> {
  const reasons: string[] = [];
  for (const path of await programsOnPath('temporal', search.env)) {
    const checked = await checkExecutable(path, search);
    if ('path' in checked) return checked;
    reasons.push(checked.reason);
  }
  return { reason: reasons.join('\n') || 'not there' };
}

/** All executable files of this name on the PATH, in order; relative entries are left out, so nothing runs by accident of the working folder. */
export async function programsOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const candidates = [...new Set(folders)].map((folder) => join(folder, programName(name)));
  const usable = await Promise.all(candidates.map(isExecutableFile));
  return candidates.filter((_, index) => usable[index]);
}

async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
