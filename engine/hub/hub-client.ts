import { modelInfo, pathsInfo } from '@huggingface/hub';
import { ModelJobError } from '../../planner/index.js';
import type { HubConfig } from './config.js';
import type { HubHttp } from './http.js';
import { createHubFetch } from './hub-fetch.js';

/** How many paths one request asks about. */
const pathsAtOnce = 1000;

/** A file as the hub knows it. `etag` names its blob in the cache: SHA-256 for LFS files, git blob id for others. */
export interface HubFile {
  path: string;
  size: number;
  etag: string;
  algorithm: 'sha256' | 'git';
}

/** The hub's API, through `@huggingface/hub`. */
export interface HubClient {
  /** The commit that a revision stands for now. */
  resolve(repoId: string, revision: string): Promise<string>;
  /** Those of the paths that the commit has. */
  files(repoId: string, commit: string, paths: readonly string[]): Promise<HubFile[]>;
}

/** A client for one activity: `signal` ends its requests. */
export function createHubClient(hub: HubConfig, http: HubHttp, signal: AbortSignal): HubClient {
  const options = { hubUrl: hub.endpoint, fetch: createHubFetch(hub, http, signal) };
  return {
    async resolve(repoId, revision) {
      const { sha } = await modelInfo({ ...options, name: repoId, revision, additionalFields: ['sha'] });
      if (typeof sha === 'string' && /^[0-9a-f]{40}$/.test(sha)) return sha;
      throw new ModelJobError('Io', `the hub named no commit for ${repoId} at ${revision}`);
    },

    async files(repoId, commit, paths) {
      const chunks = Array.from({ length: Math.ceil(paths.length / pathsAtOnce) }, (_, index) =>
        paths.slice(index * pathsAtOnce, (index + 1) * pathsAtOnce),
      );
      const answers = await Promise.all(
        chunks.map((chunk) => pathsInfo({ ...options, repo: repoId, revision: commit, paths: chunk })),
      );
      return answers
        .flat()
        .flatMap(({ type, path, size, oid, lfs }) => (type === 'file' ? [fileOf(path, size, oid, lfs)] : []));
    },
  };
}

function fileOf(
  path: string,
  size: number,
  oid: string | undefined,
  lfs: { oid: string; size: number } | undefined,
): HubFile {
  // The id becomes a file's name in the cache.
  if (lfs && /^[0-9a-f]{64}$/.test(lfs.oid)) return { path, size: lfs.size, etag: lfs.oid, algorithm: 'sha256' };
  if (!lfs && /^[0-9a-f]{40}$/.test(oid ?? '')) return { path, size, etag: oid ?? '', algorithm: 'git' };
  throw new ModelJobError('Io', `the hub named no object id for \`${path}\``);
}

/** Where the hub serves a file of a commit. */
export function fileUrl(endpoint: string, repoId: string, commit: string, path: string): URL {
  return new URL(`${endpoint}/${repoId}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`);
}
