import { constants, copyFile, link, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withFolder } from '../../system/files/atomic-write.js';

/**
 * Puts a file into a folder that nobody else sees yet: a hard link where nobody writes the source again, else a copy (a
 * reflink where the file system can).
 *
 * @returns whether it is a link
 */
export async function placeFile(source: string, destination: string, linkable: boolean): Promise<boolean> {
  if (linkable && (await isLinked(source, destination))) return true;
  await mkdir(dirname(destination), { recursive: true });
  await copyFile(source, destination, constants.COPYFILE_FICLONE);
  return false;
}

/** Returns false where the file system has no links between these places. */
async function isLinked(source: string, destination: string): Promise<boolean> {
  return withFolder(destination, () => link(source, destination)).then(
    () => true,
    () => false,
  );
}
