import { chooseFiles, pathsOf } from '../../../planner/index.js';
import type { ModelSourceFiles, RepoFetch, SourceFile } from '../repo-files.js';
import { openCachedRepo } from './cached-repo.js';

/**
 * The requested files as the hub cache has them, with no request to the hub. Undefined where the cache does not have
 * what the requests need.
 */
export async function cachedFiles(
  cacheDir: string,
  { repoId, revision, requests }: RepoFetch,
): Promise<ModelSourceFiles | undefined> {
  const repo = openCachedRepo(cacheDir, repoId);
  const commit = await repo.readRef(revision);
  if (commit === undefined) return undefined;
  const paths = [...new Set(requests.flatMap(pathsOf))];
  const found = new Map<string, SourceFile>();
  await Promise.all(
    paths.map(async (remotePath) => {
      const file = await repo.cached(commit, remotePath);
      if (file) found.set(remotePath, { ...file, remotePath });
    }),
  );
  try {
    const chosen = chooseFiles(requests, new Set(found.keys()), 'the cache');
    const files = chosen.flatMap((path) => found.get(path) ?? []);
    return { commit, files, bytesFetched: 0, bytesReused: files.reduce((sum, { size }) => sum + size, 0) };
  } catch {
    return undefined;
  }
}
