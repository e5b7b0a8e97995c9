import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A name beside `path` that no other writer uses, on no machine: in containers all are process 1. Nobody can guess it. */
export function temporaryName(path: string): string {
  return `${path}.${randomBytes(8).toString('hex')}.tmp`;
}

/**
 * Writes a whole file so that its name always means whole bytes: temporary name, then rename. Links that somebody planted
 * are not followed.
 *
 * @param options `flush: false` for what may be lost with the machine's power
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array | Iterable<string | Uint8Array>,
  { flush = true }: { flush?: boolean } = {},
): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await withFolder(path, () => writeFile(temporary, data, { flush, flag: 'wx' }));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Makes a file at `path`, and its folder where there is none: mostly there is one, and asking costs a call. */
export async function withFolder<T>(path: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    return make();
  }
}
