import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseFiles, ModelJobError, pathsOf, type ModelSpec } from '../../planner/index.js';
import type { ModelSourceFiles, SourceFile } from '../hub/repo-files.js';
import type { PathGuard } from '../workspace/paths.js';

/**
 * The requested files of a `local_path` source. Each is checked for itself, since a link in the folder may lead out.
 *
 * @throws ModelJobError `NotFound`, `PermissionDenied`
 */
export async function localSource(spec: ModelSpec, path: string, guard: PathGuard): Promise<ModelSourceFiles> {
  const folder = await guard.resolve(path, 'spec.source.path');
  if (!(await isFolder(folder))) {
    throw new ModelJobError('NotFound', `spec.source.path \`${path}\` is not a folder on this worker`);
  }
  const found = new Map<string, SourceFile>();
  for (const remotePath of new Set(spec.files.flatMap(pathsOf))) {
    const file = await guard.resolve(join(folder, remotePath), 'spec.files');
    const size = await fileSize(file);
    if (size !== undefined) found.set(remotePath, { remotePath, path: file, size });
  }
  const chosen = chooseFiles(spec.files, new Set(found.keys()), `\`${path}\``);
  const files = chosen.flatMap((name) => found.get(name) ?? []);
  return { commit: null, files, bytesFetched: 0, bytesReused: files.reduce((sum, { size }) => sum + size, 0) };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function fileSize(path: string): Promise<number | undefined> {
  return stat(path).then(
    (stats) => (stats.isFile() ? stats.size : undefined),
    () => undefined,
  );
}
