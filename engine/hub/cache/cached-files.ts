import pLimit from 'p-limit';
import { chooseFiles, pathsOf } from '../../../planner/index.js';
import { hashThreads } from '../../../system/hashing/index.js';
import type { Work } from '../../workspace/work.js';
import type { ModelSourceFiles, RepoFetch, SourceFile } from '../repo-files.js';
import { openCachedRepo, type CachedRepo } from './cached-repo.js';
import { checkFile, isHash } from './check-file.js';

/** What the cache has of a request, and whether a request to the hub could find more. */
export interface CachedModel extends ModelSourceFiles {
  commit: string;
  /** Whether all that was asked for is there, or known not to be. */
  isCertain: boolean;
}

/**
 * The requested files as the hub cache has them, each held against its hash, with no request to the hub. Undefined where
 * the cache does not have what the requests need.
 */
export async function cachedFiles(
  cacheDir: string,
  { repoId, revision, commit: pinned, requests, hashes }: RepoFetch,
  work: Work,
): Promise<CachedModel | undefined> {
  const repo = openCachedRepo(cacheDir, repoId);
  const commit = pinned ?? (await repo.readRef(revision));
  if (commit === undefined) return undefined;
  const paths = [...new Set(requests.flatMap(pathsOf))];
  const found = new Map<string, SourceFile>();
  const asked = new Set<string>();
  const limit = pLimit(hashThreads * 2);
  await Promise.all(
    paths.map((path) =>
      limit(async () => {
        work.signal.throwIfAborted();
        const file = await cachedFile(repo, commit, path, { hashes, work });
        if (file) found.set(path, file);
        if (file || (await repo.isAbsent(commit, path))) asked.add(path);
      }),
    ),
  );
  try {
    const chosen = chooseFiles(requests, new Set(found.keys()), 'the cache');
    const files = chosen.flatMap((path) => found.get(path) ?? []);
    const bytesReused = files.reduce((sum, { size }) => sum + size, 0);
    // Of a file without a hash the hub may tell one.
    const isCertain = asked.size === paths.length && files.every(({ unverified }) => unverified === undefined);
    return { commit, files, asked: [...asked], isCertain, bytesFetched: 0, bytesReused };
  } catch {
    return undefined;
  }
}

/** A file of a commit with its SHA-256; undefined where it is not there, or its bytes are wrong. */
export async function cachedFile(
  repo: CachedRepo,
  commit: string,
  remotePath: string,
  { hashes, work: { signal, report } }: Pick<RepoFetch, 'hashes'> & { work: Work },
): Promise<SourceFile | undefined> {
  const file = await repo.cached(commit, remotePath);
  if (!file) return undefined;
  let checked = 0;
  const onBytes = (count: number): void => {
    checked += count;
    report({ completed: checked, total: Math.max(file.size, 1), unit: 'bytes', message: `checking ${remotePath}` });
  };
  const sha256 = await checkFile(file, hashes, { signal, onBytes });
  if (sha256 === undefined) return undefined;
  const { path, size, etag, isBlob } = file;
  const told = isHash(etag) && etag !== undefined ? { etag } : { unverified: 'the cache holds no hash of it' };
  return { remotePath, path, size, sha256, linkable: isBlob, ...told };
}
