import { downloadFile, modelInfo, pathsInfo } from '@huggingface/hub';
import { ModelJobError } from '../../planner/index.js';
import type { HubConfig } from '../config.js';
import { createHubFetch, type HubFetch } from './hub-fetch.js';

/** How many paths one request asks about. */
const pathsAtOnce = 1000;

/** A file as the hub knows it. `etag` names its blob in the cache: SHA-256 for LFS files, git blob id for others. */
export interface HubFile {
  path: string;
  size: number;
  etag: string;
  algorithm: 'sha256' | 'git';
}

/** The hub protocol, through `@huggingface/hub`. */
export interface HubClient {
  /** The commit that a revision stands for now. */
  resolve(repoId: string, revision: string): Promise<string>;
  /** Those of the paths that the commit has. */
  files(repoId: string, commit: string, paths: readonly string[]): Promise<HubFile[]>;
  /** The bytes of a file from `start` on. */
  read(repoId: string, commit: string, file: HubFile, start: number): Promise<ReadableStream<Uint8Array>>;
}

/** A client for one activity: `signal` ends its requests. */
export function createHubClient(hub: HubConfig, signal: AbortSignal): HubClient {
  const hubFetch = createHubFetch(hub, signal);
  // The library names `typeof fetch`, and calls it with an address and options.
  const options = { hubUrl: hub.endpoint, fetch: hubFetch as typeof fetch };
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

    async read(repoId, commit, file, start) {
      const url = fileUrl(hub.endpoint, repoId, commit, file.path);
      let failure: unknown;
      const blob = await downloadFile({
        ...options,
        repo: repoId,
        path: file.path,
        xet: false,
        downloadInfo: { size: file.size, etag: file.etag, url },
        fetch: ((...request: Parameters<HubFetch>) =>
          fetchRange(hubFetch, start, file, ...request).catch((error: unknown) => {
            failure = error;
            throw error;
          })) as typeof fetch,
      });
      if (!blob) throw new ModelJobError('NotFound', `file \`${file.path}\` is not in ${repoId} at ${commit}`);
      return rethrowing((start === 0 ? blob : blob.slice(start)).stream(), () => failure);
    },
  };
}

/** The library's stream reports a failed request as a string: this one reports the request's own error. */
function rethrowing(stream: ReadableStream<Uint8Array>, failure: () => unknown): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(failure() ?? error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Refuses an answer that is not what was asked for, before a byte of it is used. */
async function fetchRange(
  hubFetch: HubFetch,
  start: number,
  file: HubFile,
  ...request: Parameters<HubFetch>
): Promise<Response> {
  const response = await hubFetch(...request);
  const expected = start === 0 ? null : `bytes ${start}-${file.size - 1}/${file.size}`;
  const found = response.headers.get('content-range');
  const encoding = response.headers.get('content-encoding');
  if (found === expected && (encoding ?? 'identity') === 'identity') return response;
  await response.body?.cancel();
  const what =
    encoding === null ? `range \`${found ?? 'none'}\` instead of \`${expected ?? 'none'}\`` : `encoding ${encoding}`;
  throw new ModelJobError('Io', `the hub sent ${what} for \`${file.path}\``, { details: { unusableRange: true } });
}

function fileOf(
  path: string,
  size: number,
  oid: string | undefined,
  lfs: { oid: string; size: number } | undefined,
): HubFile {
  if (lfs) return { path, size: lfs.size, etag: lfs.oid, algorithm: 'sha256' };
  if (oid !== undefined) return { path, size, etag: oid, algorithm: 'git' };
  throw new ModelJobError('Io', `the hub named no object id for \`${path}\``);
}

function fileUrl(endpoint: string, repoId: string, commit: string, path: string): string {
  return `${endpoint}/${repoId}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
}
