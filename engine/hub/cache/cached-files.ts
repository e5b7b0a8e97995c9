import { readFile } from 'node:fs/promises';
import pLimit from 'p-limit';
import {
  chooseFiles,
  isOpen,
  isShardIndex,
  ModelJobError,
  namedPaths,
  needsListing,
  shardsOf,
} from '../../../planner/index.js';
import { hashThreads } from '../../../system/hashing/index.js';
import type { Work } from '../../workspace/work.js';
import type { ModelSourceFiles, RepoFetch, SourceFile } from '../repo-files.js';
import { openCachedRepo, type CachedFile, type CachedRepo } from './cached-repo.js';
import { checkFile, isHash } from './check-file.js';
import { plainBlobs } from './plain-blobs.js';

/** What the cache has of a request, and whether a request to the hub could find more. */
export interface CachedModel extends ModelSourceFiles {
  commit: string;
  /** Whether all that was asked for is there, or known not to be. */
  isCertain: boolean;
}

/**
 * The chosen files as the hub cache has them, each held against its hash, with no request to the hub. Undefined where the
 * cache does not have what the selection needs, or does not know what a pattern means.
 */
export async function cachedFiles(
  cacheDir: string,
  { repoId, revision, commit: pinned, selection, hashes }: RepoFetch,
  work: Work,
): Promise<CachedModel | undefined> {
  const repo = openCachedRepo(cacheDir, repoId);
  const commit = pinned ?? (await repo.readRef(revision));
  if (commit === undefined) return undefined;
  const listed = needsListing(selection) ? await repo.paths(commit) : undefined;
  if (needsListing(selection) && !listed) return undefined;
  const found = new Map<string, SourceFile>();
  const asked = new Set<string>();
  const look = async (paths: readonly string[]): Promise<void> => {
    const limit = pLimit(hashThreads * 2);
    const pointers = paths.map((path) => repo.snapshot(commit, path));
    const plain = await plainBlobs(repo.blob(''), pointers);
    const lookFor = async (path: string, at: number): Promise<void> => {
      work.signal.throwIfAborted();
      const there = plain[at] ?? (await repo.cached(commit, path));
      const file = there && (await checkedFile(there, path, { hashes, work }));
      if (file) found.set(path, file);
      if (file || (await repo.isAbsent(commit, path))) asked.add(path);
    };
    await Promise.all(paths.map((path, at) => limit(() => lookFor(path, at))));
  };
  /** @throws ModelJobError `NotFound` for a file that is not in the cache */
  const require = async (paths: readonly string[]): Promise<string[]> => {
    await look(paths.filter((path) => !found.has(path)));
    return chooseFiles({ requests: paths.map((required) => ({ required })) }, new Set(found.keys()), 'the cache');
  };
  const named = namedPaths(selection);
  try {
    if (!listed) await look(named);
    const chosen = new Set(chooseFiles(selection, listed ?? new Set(found.keys()), 'the cache'));
    await require([...chosen]);
    for (const index of [...chosen].filter(isShardIndex)) {
      const shards = shardsOf(index, await readFile(found.get(index)?.path ?? '', 'utf8'), selection);
      for (const shard of await require(shards)) chosen.add(shard);
    }
    const files = [...chosen].flatMap((path) => found.get(path) ?? []);
    const bytesReused = files.reduce((sum, { size }) => sum + size, 0);
    return {
      commit,
      files,
      asked: listed ? named : [...asked],
      ...(isOpen(selection) ? { chosen: [...chosen] } : {}),
      isCertain: listed !== undefined || named.every((path) => asked.has(path)),
      bytesFetched: 0,
      bytesReused,
    };
  } catch (error) {
    if (error instanceof ModelJobError) return undefined;
    throw error;
  }
}

/** A file of a commit with its SHA-256; undefined where it is not there, or its bytes are wrong. */
export async function cachedFile(
  repo: CachedRepo,
  commit: string,
  remotePath: string,
  check: Pick<RepoFetch, 'hashes'> & { work: Work },
): Promise<SourceFile | undefined> {
  const file = await repo.cached(commit, remotePath);
  return file && checkedFile(file, remotePath, check);
}

async function checkedFile(
  file: CachedFile,
  remotePath: string,
  { hashes, work: { signal, report } }: Pick<RepoFetch, 'hashes'> & { work: Work },
): Promise<SourceFile | undefined> {
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
