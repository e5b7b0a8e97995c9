import { modelInfo, pathsInfo } from '@huggingface/hub';
import { ModelJobError } from '../../planner/index.js';
import type { HubConfig } from './config.js';
import type { HubHttp } from './http.js';
import { createHubFetch } from './hub-fetch.js';
import { fileOfEntry, type HubFile } from './hub-file.js';
import { commitByHead, filesByHead } from './by-head.js';
import { filesOfTree } from './by-tree.js';

/** How many paths one request asks about. */
const pathsAtOnce = 1000;

/**
 * What is known of repositories and their files. Mirrors and proxies serve parts of the hub's API: what one does not have
 * (404, 400, 405 or 501 without the hub's own error code) is asked in another way, down to a HEAD for each file.
 */
export interface HubClient {
  /**
   * The commit that a revision stands for now.
   *
   * @param paths files of the repository, of which one at least is there
   */
  resolve(repoId: string, revision: string, paths: readonly string[]): Promise<string>;
  /** Those of the paths that the commit has. */
  files(repoId: string, commit: string, paths: readonly string[]): Promise<HubFile[]>;
}

/** A client for one activity: `signal` ends its requests. */
export function createHubClient(hub: HubConfig, http: HubHttp, signal: AbortSignal): HubClient {
  const access = { hub, http, signal };
  const options = { hubUrl: hub.endpoint, fetch: createHubFetch(hub, http, signal) };

  const filesOfPaths = async (repo: string, revision: string, paths: readonly string[]): Promise<HubFile[]> => {
    const chunks = Array.from({ length: Math.ceil(paths.length / pathsAtOnce) }, (_, index) =>
      paths.slice(index * pathsAtOnce, (index + 1) * pathsAtOnce),
    );
    const answers = await Promise.all(chunks.map((chunk) => pathsInfo({ ...options, repo, revision, paths: chunk })));
    return answers.flat().flatMap((entry) => (entry.type === 'file' ? [fileOfEntry(entry)] : []));
  };

  return {
    async resolve(repoId, revision, paths) {
      const byApi = async (): Promise<string> => {
        const { sha } = await modelInfo({ ...options, name: repoId, revision, additionalFields: ['sha'] });
        if (typeof sha === 'string' && /^[0-9a-f]{40}$/.test(sha)) return sha;
        throw new ModelJobError(
          'Io',
          `the hub at ${new URL(hub.endpoint).host} named no commit for ${repoId} at ${revision}`,
        );
      };
      return firstServed([byApi, () => commitByHead(access, repoId, revision, paths)]);
    },

    files: (repoId, commit, paths) =>
      firstServed([
        () => filesOfPaths(repoId, commit, paths),
        () => filesOfTree(options, repoId, commit, paths),
        () => filesByHead(access, repoId, commit, paths),
      ]),
  };
}

/** The answer of the first way that the hub serves; the last way's error where it serves none. */
async function firstServed<T>([way, ...others]: readonly (() => Promise<T>)[]): Promise<T> {
  if (!way) throw new Error('no way to ask');
  try {
    return await way();
  } catch (error) {
    if (others.length === 0 || !isNotServed(error)) throw error;
    return firstServed(others);
  }
}

/** Whether a hub does not know the question. The hub's own error code says that it does. */
function isNotServed(error: unknown): boolean {
  if (!(error instanceof ModelJobError)) return false;
  const { status, hubCode } = error.details;
  return [400, 404, 405, 501].includes(Number(status)) && !hubCode;
}
