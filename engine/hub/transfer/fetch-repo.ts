import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { chooseFiles, pathsOf } from '../../../planner/index.js';
import type { HubConfig } from '../config.js';
import { openCachedRepo, type CachedRepo } from '../cache/cached-repo.js';
import type { ModelSourceFiles, RepoFetch, SourceFile } from '../repo-files.js';
import { createHubClient, type HubFile } from '../hub-client.js';
import type { HubHttp } from '../http.js';
import { createRangeReader, type RangeReader } from '../range-reader.js';
import type { Work } from '../../workspace/work.js';
import { requireSpace, requireSpaceForCopies } from '../../../system/files/disk-space.js';
import { fetchFile } from './fetch-file.js';
import { smallBytes } from './file-fetch.js';
import { bytesLeft } from './journal.js';
import { createFetchProgress } from './fetch-progress.js';

/** Files that are fetched at once; what they may take of the network is bounded for the whole worker. */
const filesAtOnce = 32;

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
  work: Work,
): Promise<ModelSourceFiles> {
  const client = createHubClient(hub, http, work.signal);
  const commit = await client.resolve(repoId, revision);
  const known = await client.files(repoId, commit, [...new Set(requests.flatMap(pathsOf))]);
  const byPath = new Map(known.map((file) => [file.path, file]));
  const chosen = chooseFiles(requests, new Set(byPath.keys()), `${repoId} at ${revision}`);
  const files = chosen.flatMap((path) => byPath.get(path) ?? []);
  const repo = openCachedRepo(hub.cacheDir, repoId);
  await requireSpace(hub.cacheDir, await bytesToFetch(repo, files));
  if (bundleRoot !== undefined) await requireSpaceForCopies(hub.cacheDir, bundleRoot, files);
  const reader = createRangeReader({ hub, http, repoId, commit });
  const counts = await fetchAll({ reader, http, repo, commit, files, work });
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
  work: Work;
}

/** The first failure ends the other fetches; what they have stays for the next attempt. */
async function fetchAll({ reader, http, repo, commit, files, work }: FetchAll) {
  const progress = createFetchProgress(files, work);
  const failed = new AbortController();
  const signal = AbortSignal.any([work.signal, failed.signal]);
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
        onBytes: (count, source) => progress.add(file, count, source),
        onDiscard: () => progress.discard(file),
      });
      await repo.link(commit, file.path, file.etag);
      progress.done(file);
    }).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(fetches);
  work.signal.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
  return progress.counts();
}

function sourceOf(repo: CachedRepo, { path, size, etag, algorithm }: HubFile): SourceFile {
  return { remotePath: path, path: repo.blob(etag), size, etag, ...(algorithm === 'sha256' ? { sha256: etag } : {}) };
}
