import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from '../../../system/files/errno.js';

/** Gives out folders that are nobody else's: of no other process of the job, and of none before this one. */
export interface FolderClaims {
  /** Makes a folder in `folder`, called by the next number that is free. */
  claim(folder: string): Promise<string>;
}

/** Numbers go on from one claim to the next. */
export function createFolderClaims(): FolderClaims {
  let number = 0;
  return {
    async claim(folder) {
      for (;;) {
        number += 1;
        const path = join(folder, String(number));
        if (await isMade(path)) return path;
      }
    },
  };
}

/** Removes a folder that nothing was put into: an empty one says nothing. */
export async function leaveFolder(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch {
    return false;
  }
}

/** To make a folder is to own it: two processes never both do. */
async function isMade(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}
