import { readdir } from 'node:fs/promises';
import { makeRealFolder } from '../../system/files/real-folder.js';
import { nameOf, openFolder, parentOf } from '../storage/index.js';
import { runFolder } from './layout.js';
import type { JobWork } from './work.js';

/** The folder of a job's run on this worker, made where it is not there. */
export async function openRunFolder(home: string, run: Pick<JobWork, 'jobId' | 'runId'>): Promise<string> {
  const folder = runFolder(home, run);
  await makeRealFolder(folder);
  return folder;
}

/**
 * Makes the plain paths of a job, in the folder above, lead to all that is in this run's folder: `{job's
 * folder}/output.json` is that of the latest run.
 *
 * @param folder of the run, on this disk
 */
export async function leadToRun(folder: string): Promise<void> {
  const entries = await readdir(folder).catch(() => []);
  await leadTo(
    folder,
    entries.filter((name) => !name.endsWith('.tmp')),
  );
}

/**
 * The same for files by their names, in this order, wherever the folder is. Plain paths that led to another run are
 * gone afterwards; on S3, where copies stand for them, those that `stale` names.
 */
export async function leadTo(
  folder: string,
  names: readonly string[],
  { stale = [], signal }: { stale?: readonly string[]; signal?: AbortSignal } = {},
): Promise<void> {
  const above = openFolder(parentOf(folder));
  for (const name of await above.links(stale)) if (!names.includes(name)) await above.unlink(name, signal);
  for (const name of names) await above.link(name, `${nameOf(folder)}/${name}`, signal);
}
