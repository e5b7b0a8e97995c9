import pLimit from 'p-limit';
import { chooseFiles, pathsOf, type FileRequest } from '../../planner/index.js';
import type { HubConfig } from '../config.js';
import type { Reporter } from '../reporter.js';
import { openCachedRepo, type CachedRepo } from './cache.js';
import { fetchFile } from './fetch-file.js';
import { createHubClient, type HubClient, type HubFile } from './hub-client.js';
import { createTally } from './tally.js';

/** Files that are fetched at once. */
const filesAtOnce = 8;

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
}

/**
 * Fetches the requested files of a repository into the hub cache. The revision is resolved once; the metadata of all
 * files comes in one request for a thousand files.
 *
 * @throws ModelJobError `NotFound`, `PermissionDenied`, `IntegrityError` (final), `Io` (may pass)
 */
export async function fetchRepo(hub: HubConfig, fetch: RepoFetch, reporter: Reporter): Promise<ModelSourceFiles> {
  const { repoId, revision, requests } = fetch;
  const client = createHubClient(hub, reporter.signal);
  const commit = await client.resolve(repoId, revision);
  const known = await client.files(repoId, commit, [...new Set(requests.flatMap(pathsOf))]);
  const byPath = new Map(known.map((file) => [file.path, file]));
  const chosen = chooseFiles(requests, new Set(byPath.keys()), `${repoId} at ${revision}`);
  const files = chosen.flatMap((path) => byPath.get(path) ?? []);
  const repo = openCachedRepo(hub.cacheDir, repoId);
  const counts = await fetchAll({ client, repo, repoId, commit, files, reporter });
  await repo.writeRef(revision, commit);
  return { commit, files: files.map((file) => sourceOf(repo, file)), ...counts };
}

interface FetchAll {
  client: HubClient;
  repo: CachedRepo;
  repoId: string;
  commit: string;
  files: readonly HubFile[];
  reporter: Reporter;
}

/** The first failure ends the other fetches; what they have stays for the next attempt. */
async function fetchAll({ client, repo, repoId, commit, files, reporter }: FetchAll) {
  const tally = createTally(files, reporter);
  const failed = new AbortController();
  const signal = AbortSignal.any([reporter.signal, failed.signal]);
  const limit = pLimit(filesAtOnce);
  const fetches = files.map((file) =>
    limit(async () => {
      signal.throwIfAborted();
      await fetchFile({
        file,
        blob: repo.blob(file.etag),
        signal,
        read: (start) => client.read(repoId, commit, file, start),
        onBytes: (count, source) => tally.add(file, count, source),
        onDiscard: () => tally.discard(file),
      });
      await repo.link(commit, file.path, file.etag);
    }).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  const results = await Promise.allSettled(fetches);
  reporter.signal.throwIfAborted();
  if (failed.signal.aborted || results.some(({ status }) => status === 'rejected')) throw failed.signal.reason;
  return tally.counts();
}

function sourceOf(repo: CachedRepo, { path, size, etag, algorithm }: HubFile): SourceFile {
  return { remotePath: path, path: repo.blob(etag), size, etag, ...(algorithm === 'sha256' ? { sha256: etag } : {}) };
}
