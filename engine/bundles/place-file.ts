import { constants, copyFile, link, lstat, rename, rm, stat } from 'node:fs/promises';
import { temporaryName } from '../../system/files/atomic-write.js';

/**
 * Puts a file into a bundle: a hard link to the source where the file system allows one, else a copy (a reflink where
 * it can). What is there already with the same bytes by size and inode stays; a dangling link is replaced.
 *
 * @param destination in a folder that is there
 */
export async function placeFile(source: string, destination: string): Promise<void> {
  // A link appears whole, so that it needs no temporary name where nothing is in its way.
  if ((await linkUnless(source, destination)) || (await isSameFile(source, destination))) return;
  const temporary = temporaryName(destination);
  try {
    if (!(await linkUnless(source, temporary))) await copyFile(source, temporary, constants.COPYFILE_FICLONE);
    await rename(temporary, destination);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Returns false where something is in the way, or the file system has no links between these places. */
async function linkUnless(source: string, destination: string): Promise<boolean> {
  return link(source, destination).then(
    () => true,
    () => false,
  );
}

async function isSameFile(source: string, destination: string): Promise<boolean> {
  try {
    const [there, here] = await Promise.all([stat(source), lstat(destination)]);
    return here.isFile() && there.ino === here.ino && there.dev === here.dev;
  } catch {
    return false;
  }
}
