import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The name of the server's data file inside its folder. */
export const dataFileName = 'temporal.db';
const markerName = `${dataFileName}.first-start`;

/**
 * Makes sure that the server finds a whole data file or none: it sets up the tables only where there is no file, so one
 * that a killed first start left half made would never work. Call the result once the server is ready.
 */
export async function prepareDataFile(folder: string): Promise<() => Promise<void>> {
  const marker = join(folder, markerName);
  const dataFile = join(folder, dataFileName);
  if (await exists(marker)) {
    await Promise.all(['', '-wal', '-shm'].map((ending) => rm(dataFile + ending, { force: true })));
  }
  if (!(await exists(dataFile))) await writeFile(marker, '');
  return async () => await rm(marker, { force: true });
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
