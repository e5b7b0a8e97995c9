import { lstat, readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EarlierRun } from '../../planner/index.js';
import { jobsFolder } from './layout.js';

/** The runs of jobs that a later run of the same id has followed, in this home. No plain path leads to them. */
export async function findEarlierRuns(home: string): Promise<EarlierRun[]> {
  const jobs = jobsFolder(home);
  const found = await Promise.all((await namesIn(jobs)).map((job) => earlierRunsOf(join(jobs, job), job)));
  return found.flat();
}

/** Removes a run's folder with all that it made. */
export async function removeRun({ path }: EarlierRun): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

async function earlierRunsOf(folder: string, job: string): Promise<EarlierRun[]> {
  const names = await namesIn(folder);
  const led = new Set(await Promise.all(names.map((name) => runThatIsLedTo(join(folder, name)))));
  const runs = await Promise.all(
    names.filter((name) => name.startsWith('run-')).map((name) => measured(join(folder, name), job)),
  );
  const newest = Math.max(...runs.map(({ changedAt }) => Date.parse(changedAt)));
  // The newest may be running, while plain paths lead to the one before.
  return runs.filter(
    ({ path, changedAt }) => !led.has(path.slice(folder.length + 1)) && Date.parse(changedAt) < newest,
  );
}

/** The folder's name that a plain path leads into; undefined for what is no link. */
async function runThatIsLedTo(path: string): Promise<string | undefined> {
  return readlink(path).then(
    (target) => target.split('/')[0],
    () => undefined,
  );
}

async function measured(path: string, job: string): Promise<EarlierRun> {
  const entries = await readdir(path, { recursive: true }).catch(() => []);
  let bytes = 0;
  let changed = (await lstat(path)).mtimeMs;
  for (const entry of entries) {
    const stats = await lstat(join(path, entry)).catch(() => undefined);
    if (stats?.isFile()) bytes += stats.size;
    changed = Math.max(changed, stats?.mtimeMs ?? 0);
  }
  return { job, path, bytes, changedAt: new Date(changed).toISOString() };
}

async function namesIn(path: string): Promise<string[]> {
  return (await readdir(path).catch(() => [])).sort();
}
