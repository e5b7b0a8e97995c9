import { access, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { ModelJobError, type SigningCommand } from '../../planner/index.js';
import { isInside } from '../../system/files/contained.js';
import { gitPaths, type FolderFiles } from './folder-digests.js';

/**
 * A folder and its signature's file, absolute.
 *
 * @param names of the signature in the folder, where the command has none: the first that is there, else the first
 * @throws ModelJobError `NotFound`, `InvalidArgument` for what is no folder
 */
export async function openSigned(
  { folder: named, signature }: Pick<SigningCommand, 'folder' | 'signature'>,
  names: readonly [string, ...string[]],
): Promise<{ folder: string; signature: string }> {
  const folder = resolve(named);
  const facts = await stat(folder).catch(() => undefined);
  if (!facts) throw new ModelJobError('NotFound', `folder \`${folder}\` does not exist`);
  if (!facts.isDirectory()) throw new ModelJobError('InvalidArgument', `\`${folder}\` is no folder`);
  if (signature !== undefined) return { folder, signature: resolve(signature) };
  for (const name of names) if (await exists(join(folder, name))) return { folder, signature: join(folder, name) };
  return { folder, signature: join(folder, names[0]) };
}

/**
 * Which files of a folder count: not the signature itself, where it lies in it, nor what git keeps.
 *
 * @throws ModelJobError `InvalidArgument` for a path to ignore that is not in the folder
 */
export function countedFiles(
  folder: string,
  signature: string,
  { ignorePaths, allowSymlinks }: Pick<SigningCommand, 'ignorePaths' | 'allowSymlinks'>,
): FolderFiles {
  const ignored = ignorePaths.map((path) => resolve(path));
  const outside = ignored.find((path) => path === folder || !isInside(folder, path));
  if (outside !== undefined) throw new ModelJobError('InvalidArgument', `\`${outside}\` is not in \`${folder}\``);
  if (isInside(folder, signature)) ignored.push(signature);
  const ignoredPaths = [...gitPaths, ...ignored.map((path) => relative(folder, path).split(sep).join('/'))];
  return { ignoredPaths: [...new Set(ignoredPaths)], allowSymlinks };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
