import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ModelJobError } from '../../planner/index.js';

/** Bytes that stay free, for journals, logs and other programs. */
const reserve = 64 << 20;

/**
 * Makes sure that there is room before the first byte is fetched.
 *
 * @param folder where the bytes go; it need not be there yet
 * @throws ModelJobError `ResourceLimit` that says how much is missing
 */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  if (bytes === 0) return;
  const { bavail, bsize } = await statfs(await existing(folder));
  const free = bavail * bsize;
  const lacking = bytes + reserve - free;
  if (lacking <= 0) return;
  throw new ModelJobError(
    'ResourceLimit',
    `\`${folder}\` has ${free} bytes free, ${bytes} are needed (and ${reserve} stay free): ${lacking} bytes are missing`,
    { details: { folder, free, needed: bytes, reserve, missing: lacking } },
  );
}

/** Whether two folders, there or not yet, are on one file system. */
export async function onOneDisk(one: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all([one, other].map(async (folder) => stat(await existing(folder))));
  return left?.dev === right?.dev;
}

async function existing(folder: string): Promise<string> {
  try {
    await stat(folder);
    return folder;
  } catch (error) {
    const parent = dirname(folder);
    if (parent === folder) throw error;
    return existing(parent);
  }
}
