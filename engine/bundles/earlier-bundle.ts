import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseFiles, isOpen, namedPaths, repoIdOf, revisionOf, type ModelSpec } from '../../planner/index.js';
import { checkFile, isHash } from '../hub/cache/check-file.js';
import type { ModelSourceFiles, RepoFetch, SourceFile } from '../hub/repo-files.js';
import type { Work } from '../workspace/work.js';
import { readManifest } from './manifest-file.js';

/**
 * The requested files of a bundle that an earlier version made: a folder at the name's place. Each is held against what
 * its manifest says of it. Undefined where it is of another model, or lacks what the requests need.
 */
export async function earlierFiles(
  place: string,
  spec: ModelSpec,
  { commit, hashes, selection }: RepoFetch,
  { signal }: Work,
): Promise<ModelSourceFiles | undefined> {
  if (isOpen(selection)) return undefined;
  const manifest = await readManifest(place).catch(() => undefined);
  // One of ours has a digest.
  if (manifest?.digest !== undefined) return undefined;
  if (manifest?.commit === undefined || manifest.name !== spec.name || manifest.repo_id !== repoIdOf(spec)) {
    return undefined;
  }
  if (manifest.revision !== revisionOf(spec) || (commit !== undefined && commit !== manifest.commit)) return undefined;
  const files = new Map<string, SourceFile>();
  for (const remotePath of namedPaths(selection)) {
    const listed = manifest.files[remotePath];
    if (!listed || (listed.sha256 === undefined && !isHash(listed.etag))) continue;
    const path = join(place, listed.local_path);
    const size = await stat(path).then(
      (stats) => stats.size,
      () => undefined,
    );
    if (size !== listed.size_bytes) continue;
    const file = { path, size, isBlob: false, etag: listed.etag ?? '' };
    const sha256 = await checkFile(file, hashes, { signal });
    if (sha256 === undefined || sha256 !== (listed.sha256 ?? sha256)) continue;
    files.set(remotePath, {
      remotePath,
      path,
      size,
      sha256,
      linkable: false,
      ...(listed.etag ? { etag: listed.etag } : {}),
    });
  }
  try {
    const chosen = chooseFiles(selection, new Set(files.keys()), place).flatMap((name) => files.get(name) ?? []);
    const bytesReused = chosen.reduce((sum, { size }) => sum + size, 0);
    return {
      commit: manifest.commit,
      asked: chosen.map(({ remotePath }) => remotePath),
      files: chosen,
      bytesFetched: 0,
      bytesReused,
    };
  } catch {
    return undefined;
  }
}
