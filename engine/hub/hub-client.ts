import { ModelJobError } from '../../planner/index.js';
import { commitByHead, filesByHead } from './by-head.js';
import type { HubConfig } from './config.js';
import type { HubHttp } from './http.js';
import { pathsInfo, revisionInfo, treeOf, type HubApi } from './hub-api.js';
import { createHubFetch } from './hub-fetch.js';
import { fileOfEntry, type HubFile } from './hub-file.js';

/** How many paths one request asks about. */
const pathsAtOnce = 1000;

/** Files that nearly every repository has: one of them names the commit where nothing else does. */
const usualFiles = ['.gitattributes', 'README.md', 'config.json'];

/**
 * What is known of repositories and their files. Mirrors and proxies serve parts of the hub's API: what one does not have
 * (404, 400, 405 or 501 without the hub's own error code, or JSON of another kind) is asked in another way, down to a HEAD
 * for each file.
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
  /**
   * The files of the commit.
   *
   * @throws ModelJobError `Io` (final) where the hub lists none
   */
  list(repoId: string, commit: string): Promise<Listing>;
}

/** All files of a commit. */
export interface Listing {
  paths: string[];
  /** Those of which the listing tells what must be known to fetch them. */
  files: HubFile[];
}

/** A client for one activity: `signal` ends its requests. */
export function createHubClient(hub: HubConfig, http: HubHttp, signal: AbortSignal): HubClient {
  const access = { hub, http, signal };
  const api: HubApi = { endpoint: hub.endpoint, fetch: createHubFetch(hub, http, signal) };
  const { host } = new URL(hub.endpoint);

  const listByTree = async (repo: string, commit: string): Promise<Listing> => {
    const entries = (await treeOf(api, repo, commit)).filter(({ type }) => type === 'file');
    return { paths: entries.map(({ path }) => path), files: entries.flatMap((entry) => fileOfEntry(entry) ?? []) };
  };
  const listByInfo = async (repo: string, commit: string): Promise<Listing> => {
    const { siblings } = await revisionInfo(api, repo, commit);
    if (!siblings?.length) throw unserved(`${host} lists no files of ${repo}: name them instead of patterns`);
    return { paths: siblings.map(({ rfilename }) => rfilename), files: [] };
  };
  const filesByPaths = async (repo: string, commit: string, paths: readonly string[]): Promise<HubFile[]> => {
    const chunks = Array.from({ length: Math.ceil(paths.length / pathsAtOnce) }, (_, index) =>
      paths.slice(index * pathsAtOnce, (index + 1) * pathsAtOnce),
    );
    const entries = (await Promise.all(chunks.map((chunk) => pathsInfo(api, repo, commit, chunk)))).flat();
    // An empty list may be all that a proxy ever says.
    if (entries.length === 0 && paths.length > 0) throw unserved(`${host} knows none of the files of ${repo}`);
    return complete(repo, commit, {
      paths: entries.flatMap(({ type, path }) => (type === 'file' ? [path] : [])),
      files: entries.flatMap((entry) => fileOfEntry(entry) ?? []),
    });
  };
  const filesByTree = async (repo: string, commit: string, paths: readonly string[]): Promise<HubFile[]> => {
    const wanted = new Set(paths);
    const listing = await listByTree(repo, commit);
    return complete(repo, commit, {
      paths: listing.paths.filter((path) => wanted.has(path)),
      files: listing.files.filter(({ path }) => wanted.has(path)),
    });
  };
  /** What a listing does not tell of a file, the answer for the file may. */
  const complete = async (repo: string, commit: string, { paths, files }: Listing): Promise<HubFile[]> => {
    const known = new Set(files.map(({ path }) => path));
    const rest = paths.filter((path) => !known.has(path));
    return rest.length === 0 ? files : [...files, ...(await filesByHead(access, repo, commit, rest))];
  };

  return {
    async resolve(repoId, revision, paths) {
      const byApi = async (): Promise<string> => {
        const { sha } = await revisionInfo(api, repoId, revision, 'sha');
        if (/^[0-9a-f]{40}$/i.test(sha ?? '')) return (sha ?? '').toLowerCase();
        throw unserved(`the hub at ${host} named no commit for ${repoId} at ${revision}`);
      };
      return firstServed([byApi, () => commitByHead(access, repoId, revision, [...paths, ...usualFiles])]);
    },

    files: (repoId, commit, paths) =>
      firstServed([
        () => filesByPaths(repoId, commit, paths),
        () => filesByTree(repoId, commit, paths),
        () => filesByHead(access, repoId, commit, paths),
      ]),

    list: (repoId, commit) => firstServed([() => listByTree(repoId, commit), () => listByInfo(repoId, commit)]),
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
  const { status, hubCode, unserved } = error.details;
  return unserved === true || ([400, 404, 405, 501].includes(Number(status)) && !hubCode);
}

function unserved(detail: string): ModelJobError {
  return new ModelJobError('Io', detail, { retryable: false, details: { unserved: true } });
}
