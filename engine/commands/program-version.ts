import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';

/**
 * What stands for the version of a command line: the SHA-256 of the program, and of those files that its arguments name
 * by absolute paths, such as an interpreter's script.
 *
 * @param words the program's absolute path, then the arguments
 * @param sha256 of a file
 */
export async function programVersion(
  words: readonly string[],
  sha256: (path: string) => Promise<string>,
): Promise<string> {
  const versions = [];
  for (const path of words) {
    const stats = isAbsolute(path) ? await stat(path).catch(() => undefined) : undefined;
    // A program may be for running alone, and not for reading.
    const unread = (): string => `${stats?.size} bytes of ${stats?.mtime.toISOString()}`;
    if (stats?.isFile()) versions.push(await sha256(path).then((hash) => `sha256:${hash}`, unread));
  }
  return versions.join(' ');
}
