import { copyFile, lstat, mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { temporaryName } from '../../../system/files/atomic-write.js';
import { hasNoLinks, isMissingError } from '../../../system/files/errno.js';

/** Gives a file of a folder another name, by a symbolic link; where there are none, by a copy. */
export async function linkPath(folder: string, name: string, target: string): Promise<void> {
  const path = join(folder, name);
  const temporary = temporaryName(path);
  try {
    if (await makeLink(target, temporary)) await keepOriginal(folder, name);
    else await copyFile(join(folder, target), temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Where a plain path of a job leads, by a link of {@link linkPath}'s into the folder of a run; else the path itself. */
export async function leadsTo(path: string): Promise<string> {
  const target = await readlink(path).catch(() => undefined);
  if (target === undefined) return path;
  const [run, name, ...rest] = target.split('/');
  const isOurs = run?.startsWith('run-') && name === basename(path) && rest.length === 0;
  return isOurs ? join(dirname(path), target) : path;
}

/** Removes a name, not the file that it leads to. */
export async function unlinkPath(folder: string, name: string): Promise<void> {
  await keepOriginal(folder, name);
  await rm(join(folder, name), { force: true });
}

/** The names in a folder that lead to other files; not those that another attempt is about to give. */
export async function linksIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isSymbolicLink() && !entry.name.endsWith('.tmp') ? [entry.name] : []));
  } catch (error) {
    if (isMissingError(error)) return [];
    throw error;
  }
}

/** Whether the file system has links; a relative target stays right when the folder is moved. */
async function makeLink(target: string, path: string): Promise<boolean> {
  try {
    await symlink(target, path);
    return true;
  } catch (error) {
    if (hasNoLinks(error)) return false;
    throw error;
  }
}

/** A file under the name itself is of a version that knew no runs, and nobody's to overwrite: it is moved aside. */
async function keepOriginal(folder: string, name: string): Promise<void> {
  try {
    const path = join(folder, name);
    const facts = await lstat(path);
    if (facts.isSymbolicLink()) return;
    const aside = join(folder, `earlier-${Math.floor(facts.mtimeMs)}`);
    await mkdir(aside, { recursive: true });
    await rename(path, join(aside, name));
  } catch (error) {
    if (!isMissingError(error)) throw error;
  }
}
