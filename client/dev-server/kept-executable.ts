import { access, chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { checkExecutable } from './check-executable.js';
import { oneAtATime } from './one-at-a-time.js';
import { programName, temporalCliVersion, type FoundExecutable, type Miss, type Search } from './search.js';

const makingPrefix = 'making-';

/** The binary that an earlier start kept in the user's cache folder. */
export async function findKept(search: Search): Promise<FoundExecutable | Miss> {
  const path = keptPath(search.env);
  try {
    await access(path);
  } catch {
    return { reason: `none at ${path}` };
  }
  return await checkExecutable(path, search);
}

/**
 * Lets `make` put a Temporal CLI into a fresh folder, checks it and keeps it, one process at a time: whoever had
 * to wait takes what the other one kept. `make` returns the path of what it made, or why it could not.
 *
 * @throws ModelJobError `Cancelled`
 */
export async function keepWhatIsMade(
  search: Search,
  make: (folder: string) => Promise<string | Miss>,
): Promise<FoundExecutable | Miss> {
  const cache = keptFolder(search.env);
  await mkdir(cache, { recursive: true });
  const waiting = (pid: number) => `process ${pid} is getting the Temporal dev server already: waiting for it`;
  return await oneAtATime(join(cache, 'making.lock'), search, waiting, async () => {
    const kept = await findKept(search);
    return 'path' in kept ? kept : await makeInFreshFolder(search, cache, make);
  });
}

async function makeInFreshFolder(
  search: Search,
  cache: string,
  make: (folder: string) => Promise<string | Miss>,
): Promise<FoundExecutable | Miss> {
  await removeUnfinished(cache);
  const folder = await mkdtemp(join(cache, makingPrefix));
  try {
    const made = await make(folder);
    if (typeof made !== 'string') return made;
    await chmod(made, 0o755);
    const checked = await checkExecutable(made, search);
    if (!('path' in checked)) return checked;
    await rename(made, keptPath(search.env));
    return { ...checked, path: keptPath(search.env) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Only the holder of the lock has such a folder, so all that are there were left by killed processes. */
async function removeUnfinished(cache: string): Promise<void> {
  const unfinished = (await readdir(cache)).filter((name) => name.startsWith(makingPrefix));
  await Promise.all(unfinished.map((name) => rm(join(cache, name), { recursive: true, force: true })));
}

function keptPath(env: NodeJS.ProcessEnv): string {
  return join(keptFolder(env), programName('temporal'));
}

/** The XDG specification asks for a relative `XDG_CACHE_HOME` to be ignored. */
function keptFolder(env: NodeJS.ProcessEnv): string {
  const wanted = env.XDG_CACHE_HOME;
  const cache = wanted && isAbsolute(wanted) ? wanted : platformCacheFolder(env);
  return join(cache, 'model-jobs', 'temporal', temporalCliVersion);
}

function platformCacheFolder(env: NodeJS.ProcessEnv): string {
  const home = env.HOME || homedir();
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches');
  if (process.platform === 'win32') return env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
  return join(home, '.cache');
}
