import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseFiles, ModelJobError, pathsOf, type ModelSpec } from '../../planner/index.js';
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
 * The requested files of a `local_path` source. Each is checked for itself, since a link in the folder may lead out.
 *
 * @throws ModelJobError `NotFound`, `PermissionDenied`
 */
export async function localSource(spec: ModelSpec, { path, guard, hashes }: LocalFolder): Promise<ModelSourceFiles> {
  const folder = await guard.resolve(path, 'spec.source.path');
  if (!(await isFolder(folder))) {
    throw new ModelJobError('NotFound', `spec.source.path \`${path}\` is not a folder on this worker`);
  }
  const asked = [...new Set(spec.files.flatMap(pathsOf))];
  const files = await Promise.all(
    asked.map(async (remotePath) =>
      localFile(remotePath, await guard.resolve(join(folder, remotePath), 'spec.files'), hashes),
    ),
  );
  const found = new Map(files.flatMap((file) => (file ? [[file.remotePath, file] as const] : [])));
  const chosen = chooseFiles(spec.files, new Set(found.keys()), `\`${path}\``).flatMap((name) => found.get(name) ?? []);
  const bytesReused = chosen.reduce((sum, { size }) => sum + size, 0);
  return { commit: null, asked, files: chosen, bytesFetched: 0, bytesReused };
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
