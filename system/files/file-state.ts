import { stat } from 'node:fs/promises';

/**
 * What tells one state of a file from another without reading it. Nobody but the system sets the time of a file's last
 * change of state.
 *
 * @throws Error of the file system
 */
export async function stateOfFile(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
