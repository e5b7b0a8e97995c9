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

/** Makes sure that there is room for files that are copied from another disk; on one disk they are linked. */
export async function requireSpaceForCopies(
  from: string,
  to: string,
  files: readonly { size: number }[],
): Promise<void> {
  const [source, target] = await Promise.all([from, to].map(async (folder) => stat(await existing(folder))));
  if (source?.dev === target?.dev) return;
  await requireSpace(
    to,
    files.reduce((sum, { size }) => sum + size, 0),
  );
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
