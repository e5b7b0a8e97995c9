import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import {
  chooseFiles,
  isOpen,
  isShardIndex,
  ModelJobError,
  namedPaths,
  needsListing,
  shardsOf,
  type FileSelection,
} from '../../planner/index.js';
import type { HashRecord } from '../../system/hashing/index.js';
import type { ModelSourceFiles, SourceFile } from '../hub/repo-files.js';
import type { PathGuard } from '../workspace/paths.js';

/** Where local files are, and what is known of them. */
export interface LocalFolder {
  path: string;
  guard: PathGuard;
  hashes: HashRecord;
}

/**
 * The chosen files of a `local_path` source. Each is checked for itself, since a link in the folder may lead out.
 *
 * @throws ModelJobError `NotFound`, `PermissionDenied`
 */
export async function localSource(
  selection: FileSelection,
  { path, guard, hashes }: LocalFolder,
): Promise<ModelSourceFiles> {
  const folder = await guard.resolve(path, 'spec.source.path');
  if (!(await isFolder(folder))) {
    throw new ModelJobError('NotFound', `spec.source.path \`${path}\` is not a folder on this worker`);
  }
  const found = new Map<string, SourceFile>();
  const look = async (paths: readonly string[]): Promise<void> => {
    const files = await Promise.all(
      paths.map(async (remotePath) =>
        localFile(remotePath, await guard.resolve(join(folder, remotePath), 'spec.files'), hashes),
      ),
    );
    for (const file of files) if (file) found.set(file.remotePath, file);
  };
  const asked = namedPaths(selection);
  const listed = needsListing(selection) ? await filesIn(folder) : asked;
  const source = `\`${path}\``;
  await look(needsListing(selection) ? chooseFiles(selection, new Set(listed), source) : asked);
  const chosen = new Set(chooseFiles(selection, new Set([...listed.filter((name) => found.has(name))]), source));
  for (const index of [...chosen].filter(isShardIndex)) {
    const shards = shardsOf(index, await readFile(found.get(index)?.path ?? '', 'utf8'), selection);
    await look(shards);
    for (const shard of chooseFiles(
      { requests: shards.map((required) => ({ required })) },
      new Set(found.keys()),
      source,
    )) {
      chosen.add(shard);
    }
  }
  const files = [...chosen].flatMap((name) => found.get(name) ?? []);
  const bytesReused = files.reduce((sum, { size }) => sum + size, 0);
  return {
    commit: null,
    asked,
    files,
    ...(isOpen(selection) ? { chosen: [...chosen] } : {}),
    bytesFetched: 0,
    bytesReused,
  };
}

/** The files of a folder and of those in it, but hidden ones: no job reads those. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !name.split('/').some((part) => part.startsWith('.')))
    .sort();
}

async function localFile(remotePath: string, path: string, hashes: HashRecord): Promise<SourceFile | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) return undefined;
  const sha256 = await hashes.known(path);
  return { remotePath, path, size: stats.size, linkable: false, ...(sha256 === undefined ? {} : { sha256 }) };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
