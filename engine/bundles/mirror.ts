import { constants, copyFile, link, mkdir, rename, rm, stat, symlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryName } from '../../system/files/atomic-write.js';
import { hasNoLinks } from '../../system/files/errno.js';

/**
 * Makes a symbolic link to a folder; where the file system has none (CIFS, FAT, buckets that are mounted), a folder of the
 * same files.
 *
 * @param folder where the target is
 * @param files paths in the folder
 * @throws Error of the file system: `EEXIST` where something is there
 */
export async function linkFolder(
  target: string,
  path: string,
  { folder, files }: { folder: string; files: readonly string[] },
): Promise<void> {
  try {
    await symlink(target, path);
  } catch (error) {
    if (!hasNoLinks(error)) throw error;
    await mirrorFolder(folder, path, files);
  }
}

/** The folder appears whole, by a rename. */
async function mirrorFolder(from: string, to: string, files: readonly string[]): Promise<void> {
  const making = temporaryName(to);
  try {
    await mkdir(making, { recursive: true });
    for (const file of files) await mirrorFile(join(from, file), join(making, file));
    await rename(making, to);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    throw error;
  }
}

/** A hard link, else a copy of the same time of change: by size and time a file is known to be as it was made. */
async function mirrorFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const isLinked = await link(from, to).then(
    () => true,
    () => false,
  );
  if (isLinked) return;
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  const { mtimeMs } = await stat(from);
  // In the middle of the millisecond, so that no rounding leads to another one.
  const seconds = (Math.floor(mtimeMs) + 0.5) / 1000;
  await utimes(to, seconds, seconds);
}
