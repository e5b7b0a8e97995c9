import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { chooseFiles, pathsOf, type FileRequest } from '../../planner/index.js';
import type { HubConfig } from '../config.js';
import { openCachedRepo, type CachedRepo } from '../hub-cache/cached-repo.js';
import { createHubClient, type HubFile } from '../hub/hub-client.js';
import type { HubHttp } from '../hub/http.js';
import { createRangeReader, type RangeReader } from '../hub/range-reader.js';
import type { Reporter } from '../reporter.js';
import { requireSpace, requireSpaceForCopies } from './disk-space.js';
import { fetchFile, smallBytes } from './fetch-file.js';
import { bytesLeft } from './journal.js';
import { createTally } from './tally.js';

/** Files that are fetched at once; what they may take of the network is bounded for the whole worker. */
const filesAtOnce = 32;

/** A file of a bundle that is on this machine's disk. */
export interface SourceFile {
  remotePath: string;
  /** Absolute path of the bytes. */
  path: string;
  size: number;
  /** SHA-256 of the bytes, where it is known already. */
  sha256?: string;
  etag?: string;
}

/** What a bundle is made from. */
export interface ModelSourceFiles {
  commit: string | null;
  files: SourceFile[];
  bytesFetched: number;
  bytesReused: number;
}

export interface RepoFetch {
  repoId: string;
  revision: string;
  requests: readonly FileRequest[];
  /** Where a bundle is made of the files, if one is. */
  bundleRoot?: string;
}

/** A worker's hub: where it is, and the connections to it. */
export interface HubAccess {
  hub: HubConfig;
  http: HubHttp;
}

/**
 * Fetches the requested files of a repository into the hub cache. The revision is resolved once; the metadata of all
 * files comes in one request for a thousand files.
 *
 * @throws ModelJobError `NotFound`, `PermissionDenied`, `IntegrityError`, `ResourceLimit` (final), `Io` (may pass)
 */
export async function fetchRepo(
  { hub, http }: HubAccess,
  { repoId, revision, requests, bundleRoot }: RepoFetch,
  reporter: Reporter,
): Promise<ModelSourceFiles> {
  const client = createHubClient(hub, http, reporter.signal);
  const commit = await client.resolve(repoId, revision);
  const known = await client.files(repoId, commit, [...new Set(requests.flatMap(pathsOf))]);
  const byPath = new Map(known.map((file) => [file.path, file]));
  const chosen = chooseFiles(requests, new Set(byPath.keys()), `${repoId} at ${revision}`);
  const files = chosen.flatMap((path) => byPath.get(path) ?? []);
  const repo = openCachedRepo(hub.cacheDir, repoId);
  await requireSpace(hub.cacheDir, await bytesToFetch(repo, files));
  if (bundleRoot !== undefined) await requireSpaceForCopies(hub.cacheDir, bundleRoot, files);
  const reader = createRangeReader({ hub, http, repoId, commit });
  const counts = await fetchAll({ reader, http, repo, commit, files, reporter });
  await repo.writeRef(revision, commit);
  return { commit, files: files.map((file) => sourceOf(repo, file)), ...counts };
}

async function bytesToFetch(repo: CachedRepo, files: readonly HubFile[]): Promise<number> {
  const missing = await Promise.all(
    files.map(async ({ etag, size }) => {
      const blob = repo.blob(etag);
      if (await repo.has(etag, size)) return 0;
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
  files: readonly HubFile[];
  reporter: Reporter;
}

/** The first failure ends the other fetches; what they have stays for the next attempt. */
async function fetchAll({ reader, http, repo, commit, files, reporter }: FetchAll) {
  const tally = createTally(files, reporter);
  const failed = new AbortController();
  const signal = AbortSignal.any([reporter.signal, failed.signal]);
  // Each file's lock and request listens.
  setMaxListeners(0, signal);
  const limit = pLimit(filesAtOnce);
  const fetches = files.map((file) =>
    limit(async () => {
      signal.throwIfAborted();
      await fetchFile({
        file,
        blob: repo.blob(file.etag),
        reader,
        http,
        signal,
        onBytes: (count, source) => tally.add(file, count, source),
        onDiscard: () => tally.discard(file),
      });
      await repo.link(commit, file.path, file.etag);
      tally.done(file);
    }).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(fetches);
  reporter.signal.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
  return tally.counts();
}

function sourceOf(repo: CachedRepo, { path, size, etag, algorithm }: HubFile): SourceFile {
  return { remotePath: path, path: repo.blob(etag), size, etag, ...(algorithm === 'sha256' ? { sha256: etag } : {}) };
}
