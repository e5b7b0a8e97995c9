import { setMaxListeners } from 'node:events';
import { realpath } from 'node:fs/promises';
import pLimit from 'p-limit';
import { isOpen, namedPaths } from '../../../planner/index.js';
import { checkFile } from '../cache/check-file.js';
import { openCachedRepo, type CachedRepo, type CacheLook } from '../cache/cached-repo.js';
import type { ModelSourceFiles, RepoFetch, SourceFile } from '../repo-files.js';
import type { HubFile } from '../hub-file.js';
import type { HubHttp } from '../http.js';
import type { RangeReader } from '../range-reader.js';
import type { HashRecord } from '../../../system/hashing/index.js';
import type { Work } from '../../workspace/work.js';
import { requireSpace, requireSpaceForCopies } from '../../../system/files/disk-space.js';
import { fetchFile } from './fetch-file.js';
import { smallBytes } from './file-fetch.js';
import { bytesLeft } from './journal.js';
import { planFetch, resolveCommit, type HubAccess } from './plan-fetch.js';
import { createFetchProgress, type FetchProgress } from './fetch-progress.js';

/** Files that are fetched at once; what they may take of the network is bounded for the whole worker. */
const filesAtOnce = 32;

/**
 * Fetches the chosen files of a repository into the hub cache: of the pinned commit, else of the one that the revision stands
 * for now; none is fetched where they are bundled.
 *
 * @throws ModelJobError as {@link planFetch}, and `ResourceLimit` (final)
 */
export async function fetchRepo(access: HubAccess, fetch: RepoFetch, work: Work): Promise<ModelSourceFiles> {
  const { hub, http } = access;
  const { repoId, revision, selection, bundleRoot, hashes } = fetch;
  const repo = openCachedRepo(hub.cacheDir, repoId);
  const commit = await resolveCommit(access, fetch, work);
  fetch.onCommit(commit);
  const resolved = { revision, commit, isPinned: fetch.commit !== undefined };
  await keepFirstRef(repo, resolved);
  const there = await fetch.bundled?.(commit);
  if (there) {
    await keepForOffline(repo, resolved, []);
    return there;
  }
  const { files, absent, listing, reader } = await planFetch(access, fetch, commit, work);
  const look = await repo.look(commit);
  await requireSpace(hub.cacheDir, await bytesToFetch(repo, { commit, look }, files));
  if (bundleRoot !== undefined) await requireSpaceForCopies(hub.cacheDir, bundleRoot, files);
  if (listing) await repo.writeTree(commit, listing).catch(() => undefined);
  const fetched = await fetchAll({ reader, http, repo, commit, look, files, hashes, work });
  await keepForOffline(repo, resolved, listing ? [] : absent);
  const chosen = isOpen(selection) ? { chosen: files.map(({ path }) => path) } : {};
  return { commit, asked: namedPaths(selection), ...chosen, ...fetched };
}

interface Resolved {
  revision: string;
  commit: string;
  isPinned: boolean;
}

/** A revision that was never resolved is noted at once: a later attempt brings the commit as one that is pinned. */
async function keepFirstRef(repo: CachedRepo, { revision, commit, isPinned }: Resolved): Promise<void> {
  if (isPinned || (await repo.readRef(revision)) !== undefined) return;
  await repo.writeRef(revision, commit).catch(() => undefined);
}

/**
 * Keeps what the hub said, for who works offline later. Nothing fails without it: a cache may be read-only, and a branch
 * `a` of before may stand where `a/b` is to go.
 */
async function keepForOffline(
  repo: CachedRepo,
  { revision, commit, isPinned }: Resolved,
  absent: readonly string[],
): Promise<void> {
  try {
    await Promise.all(absent.map((path) => repo.writeAbsent(commit, path)));
    // A pinned commit is not what the revision stands for now.
    if (!isPinned) await repo.writeRef(revision, commit);
  } catch {
    // As far as it went.
  }
}

async function bytesToFetch(
  repo: CachedRepo,
  { commit, look }: { commit: string; look: CacheLook },
  files: readonly HubFile[],
): Promise<number> {
  const missing = await Promise.all(
    files.map(async ({ path, etag, size }) => {
      const blob = repo.blob(etag);
      if (look.mayHaveBlob(etag) && (await repo.has(etag, size))) return 0;
      if (look.mayHaveFiles && (await repo.cached(commit, path))?.size === size) return 0;
      return size <= smallBytes ? size : size - (await bytesLeft(blob));
    }),
  );
  return missing.reduce((sum, bytes) => sum + bytes, 0);
}

interface FetchAll {
  reader: RangeReader;
  http: HubHttp;
  repo: CachedRepo;
  commit: string;
  look: CacheLook;
  files: readonly HubFile[];
  hashes: HashRecord;
  work: Work;
}

/** The first failure ends the other fetches; what they have stays for the next attempt. */
async function fetchAll(fetch: FetchAll): Promise<Omit<ModelSourceFiles, 'commit' | 'asked'>> {
  const { files, work } = fetch;
  const progress = createFetchProgress(files, work);
  progress.begin();
  const failed = new AbortController();
  const signal = AbortSignal.any([work.signal, failed.signal]);
  // Each file's lock and request listens.
  setMaxListeners(0, signal);
  const limit = pLimit(filesAtOnce);
  const sources = await Promise.allSettled(
    files.map((file) =>
      limit(async () => {
        signal.throwIfAborted();
        const source = await fetchOne({ ...fetch, signal, progress }, file);
        progress.done(file);
        return source;
      }).catch((error: unknown) => {
        failed.abort(error);
        throw error;
      }),
    ),
  );
  work.signal.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
  return {
    files: sources.flatMap((source) => (source.status === 'fulfilled' ? [source.value] : [])),
    ...progress.counts(),
  };
}

async function fetchOne(fetch: FetchAll & { signal: AbortSignal; progress: FetchProgress }, file: HubFile) {
  const { repo, commit, look, hashes, reader, http, signal, progress } = fetch;
  const real = look.mayHaveFiles ? await heldFile(fetch, file) : undefined;
  if (real) return real;
  const { sha256, path } = await fetchFile({
    file,
    blob: repo.blob(file.etag),
    mayBeThere: look.mayHaveBlob(file.etag),
    hashes,
    reader,
    http,
    signal,
    onBytes: (count, source) => progress.add(file, count, source),
    onDiscard: () => progress.discard(file),
  });
  const linkable = await repo.link(commit, file.path, file.etag);
  const bytesAt = linkable ? (path ?? repo.realBlob(file.etag)) : realpath(repo.snapshot(commit, file.path));
  return sourceOf(file, { path: await bytesAt, sha256, linkable });
}

/**
 * The file where the snapshot holds its bytes under no name that the hub tells, and they are right: in a cache without
 * links, or behind the etag of another proxy.
 */
async function heldFile(
  { repo, commit, hashes, signal, progress }: FetchAll & { signal: AbortSignal; progress: FetchProgress },
  file: HubFile,
): Promise<SourceFile | undefined> {
  const there = await repo.cached(commit, file.path);
  if (!there || (there.isBlob && there.etag === file.etag) || there.size !== file.size) return undefined;
  const sha256 = await checkFile({ ...there, etag: file.etag, isBlob: false }, hashes, { signal });
  if (sha256 === undefined) return undefined;
  progress.add(file, file.size, 'kept');
  return sourceOf(file, { path: there.path, sha256, linkable: there.isBlob });
}

function sourceOf(
  { path: remotePath, size, etag, unverified }: HubFile,
  bytes: Pick<SourceFile, 'path' | 'sha256' | 'linkable'>,
): SourceFile {
  return { remotePath, size, ...(unverified === undefined ? { etag } : { unverified }), ...bytes };
}
