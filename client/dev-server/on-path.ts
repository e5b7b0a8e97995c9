import { programsOnPath } from '../../system/processes/find-program.js';
import { checkExecutable } from './check-executable.js';
import { programName, type FoundExecutable, type Miss, type Search } from './search.js';

/** The first working `temporal` on the PATH. */
export async function findOnPath(search: Search): Promise<FoundExecutable | Miss> {
  const reasons: string[] = [];
  for (const path of await programsOnPath(programName('temporal'), search.env)) {
    const checked = await checkExecutable(path, search);
    if ('path' in checked) return checked;
    reasons.push(checked.reason);
  }
  return { reason: reasons.join('\n') || 'not there' };
}
