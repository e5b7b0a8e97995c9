import { copyFile, constants, link, lstat, rename, rm, stat } from 'node:fs/promises';
import { temporaryName } from '../job-files.js';

/**
 * Puts a file into a bundle: a hard link to the source where the file system allows one, else a copy (a reflink where
 * it can). What is there already with the same bytes by size and inode stays; a dangling link is replaced.
 */
export async function placeFile(source: string, destination: string): Promise<void> {
  if (await isSameFile(source, destination)) return;
  const temporary = temporaryName(destination);
  try {
    await linkOrCopy(source, temporary);
    await rename(temporary, destination);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function linkOrCopy(source: string, destination: string): Promise<void> {
  try {
    await link(source, destination);
  } catch {
    await copyFile(source, destination, constants.COPYFILE_FICLONE);
  }
}

async function isSameFile(source: string, destination: string): Promise<boolean> {
  try {
    const [there, here] = await Promise.all([stat(source), lstat(destination)]);
    return here.isFile() && there.ino === here.ino && there.dev === here.dev;
  } catch {
    return false;
  }
}
