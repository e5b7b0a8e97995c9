import { constants } from 'node:fs';
import { lstat, mkdir, open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ModelJobError } from '../../planner/index.js';
import { isErrno } from './errno.js';

/** Where an open folder has a path of its own, which goes on to mean it whatever is put in its place. */
const hasHandles = process.platform === 'linux';

/** Windows has no such flag. */
const noFollow = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;

/**
 * Works in a folder that is where its path says: one that a link stands for, or leads to, is refused, also when the link
 * is planted meanwhile. What is not there is made.
 *
 * @param folder absolute, with links resolved
 * @param work is given a path of the folder for this time alone
 * @throws ModelJobError `PermissionDenied` for a link
 */
export async function inRealFolder<T>(folder: string, work: (at: string) => Promise<T>): Promise<T> {
  if (!hasHandles) return work(await madeFolder(folder));
  const handle = await openFolder(folder);
  try {
    return await work(pathOf(handle));
  } finally {
    await handle.close();
  }
}

/** Makes a folder, where it is not there, that is where its path says, as above. */
export async function makeRealFolder(folder: string): Promise<void> {
  await inRealFolder(dirname(folder), async (at) => {
    // Mostly it is new, and to look first costs as much.
    if (await makeIn(at, folder)) return;
    if (!(await lstat(join(at, basename(folder)))).isDirectory()) throw throughLink(folder);
  });
}

/**
 * Opens a file for reading that is where its path says, as above.
 *
 * @param path absolute, with links resolved
 * @throws ModelJobError `PermissionDenied` for a link
 */
export async function openRealFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | noFollow).catch((error: unknown) => {
    throw isErrno(error, 'ELOOP') ? throughLink(path) : error;
  });
  const found = hasHandles ? await readlink(pathOf(file)) : await realpath(path);
  if (found === path || found === `${path} (deleted)`) return file;
  await file.close();
  throw throughLink(path);
}

async function openFolder(folder: string): Promise<FileHandle> {
  try {
    return await openFound(folder);
  } catch (error) {
    if (!isErrno(error, 'ENOENT') || dirname(folder) === folder) throw error;
    return inRealFolder(dirname(folder), async (at) => {
      await makeIn(at, folder);
      return openIn(at, folder);
    });
  }
}

async function openFound(folder: string): Promise<FileHandle> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  if ((await readlink(pathOf(handle))) === folder) return handle;
  await handle.close();
  throw throughLink(folder);
}

/** In a folder that is where its path says, what is no link is too. */
function openIn(parent: string, folder: string): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | noFollow;
  return open(join(parent, basename(folder)), flags).catch((error: unknown) => {
    throw isErrno(error, 'ELOOP', 'ENOTDIR') ? throughLink(folder) : error;
  });
}

/** A path of what is open. */
function pathOf({ fd }: FileHandle): string {
  return `/proc/self/fd/${fd}`;
}

async function madeFolder(folder: string): Promise<string> {
  const found = await realpath(folder).catch(async (error: unknown) => {
    if (!isErrno(error, 'ENOENT') || dirname(folder) === folder) throw error;
    await makeIn(await madeFolder(dirname(folder)), folder);
    return realpath(folder);
  });
  if (found !== folder) throw throughLink(folder);
  return folder;
}

/** Returns false where it is there: another attempt may make it at once, and a link that leads to nothing is there too. */
async function makeIn(parent: string, folder: string): Promise<boolean> {
  try {
    await mkdir(join(parent, basename(folder)));
    return true;
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    return false;
  }
}

function throughLink(folder: string): ModelJobError {
  return new ModelJobError('PermissionDenied', `\`${folder}\` is reached through a link, which nobody checked`);
}
