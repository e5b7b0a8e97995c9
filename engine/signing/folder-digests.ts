import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import pLimit from 'p-limit';
import { ModelJobError } from '../../planner/index.js';
import { hashThreads, sha256OfFile } from '../../system/hashing/index.js';

/** What git keeps in a folder is no part of the model: the paths that the Python `model-signing` leaves out. */
export const gitPaths = ['.git', '.gitattributes', '.github', '.gitignore'] as const;

/** Which files of a folder count. */
export interface FolderFiles {
  /** Files and folders that don't, relative to the folder. */
  ignoredPaths: readonly string[];
  /** Whether a link to a file counts as that file. */
  allowSymlinks: boolean;
}

/** Whether a path is one of those to ignore, or below one. */
export function isIgnored(path: string, ignoredPaths: readonly string[]): boolean {
  return ignoredPaths.some((ignored) => path === ignored || path.startsWith(`${ignored}/`));
}

/**
 * The paths of a folder's files, relative to it, with `/`.
 *
 * @throws ModelJobError `InvalidArgument` for a link where none may be, a link to a folder, and what is no file
 */
export async function filesOfFolder(folder: string, { ignoredPaths, allowSymlinks }: FolderFiles): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file).split(sep).join('/');
    if (entry.isDirectory() || isIgnored(path, ignoredPaths)) continue;
    await refuseOthers(entry, file, allowSymlinks);
    paths.push(path);
  }
  return paths;
}

/** SHA-256 of each file of a folder, by its path. */
export async function hashFolder(
  folder: string,
  files: FolderFiles,
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  return hashPaths(folder, await filesOfFolder(folder, files), signal);
}

/** SHA-256 of these files of a folder, by their paths. */
export async function hashPaths(
  folder: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const limit = pLimit(hashThreads);
  const digests = paths.map((path) =>
    limit(async () => [path, await sha256OfFile(join(folder, path), { signal })] as const),
  );
  return new Map(await Promise.all(digests));
}

async function refuseOthers(entry: Dirent, file: string, allowSymlinks: boolean): Promise<void> {
  if (entry.isFile()) return;
  if (!entry.isSymbolicLink()) throw new ModelJobError('InvalidArgument', `\`${file}\` is no file`);
  if (!allowSymlinks) {
    throw new ModelJobError('InvalidArgument', `\`${file}\` is a link; --allow-symlinks takes what it leads to`);
  }
  const target = await stat(file).catch(() => undefined);
  if (target?.isFile()) return;
  throw new ModelJobError('InvalidArgument', `\`${file}\` is a link that leads to no file`);
}
