import {
  ModelJobError,
  repoIdOf,
  revisionOf,
  selectionOf,
  selectsFiles,
  type ModelAccessJobRequest,
  type ModelIdentity,
} from '../../planner/index.js';
import { cachedFiles } from '../hub/cache/cached-files.js';
import { fetchRepo } from '../hub/transfer/fetch-repo.js';
import type { HubAccess } from '../hub/transfer/plan-fetch.js';
import type { ModelSourceFiles, RepoFetch } from '../hub/repo-files.js';
import type { Work } from '../workspace/work.js';

/** What the hub has: of the pinned commit, else of the one that the revision stands for now. */
export async function newestFiles(access: HubAccess, fetch: RepoFetch, work: Work): Promise<ModelSourceFiles> {
  const { hub } = access;
  const offline = hub.offline ? await cachedFiles(hub.cacheDir, fetch, work) : undefined;
  if (offline) fetch.onCommit(offline.commit);
  return offline ?? fetchRepo(access, fetch, work);
}

/**
 * What the cache has, else what the hub has.
 *
 * @param earlier what a bundle of an earlier version has, where the cache lacks it
 * @returns undefined where the hub would have to be asked, and may not
 */
export async function nearestFiles(
  access: HubAccess,
  fetch: RepoFetch,
  { autoDownload = true, earlier }: { autoDownload?: boolean; earlier: () => Promise<ModelSourceFiles | undefined> },
  work: Work,
): Promise<ModelSourceFiles | undefined> {
  const cached = await cachedFiles(access.hub.cacheDir, fetch, work);
  if (cached) fetch.onCommit(cached.commit);
  const mayAsk = autoDownload && !access.hub.offline;
  if (cached && (cached.isCertain || !mayAsk)) return cached;
  const before = cached ? undefined : await earlier();
  if (before) return before;
  if (!autoDownload) return undefined;
  try {
    return await fetchRepo(access, { ...fetch, commit: cached?.commit ?? fetch.commit }, work);
  } catch (error) {
    // A file that may be missing is not worth a job.
    if (cached && error instanceof ModelJobError && error.code === 'Io') return cached;
    throw error;
  }
}

/** @throws ModelJobError `InvalidArgument` for a source that has no repository, or a request for no file */
export function repoFetchOf(
  request: ModelAccessJobRequest,
  pinned: ModelIdentity | undefined,
): Pick<RepoFetch, 'repoId' | 'revision' | 'commit' | 'selection'> {
  const { spec } = request;
  const repoId = repoIdOf(spec);
  if (spec.source.kind !== 'hugging_face' || !repoId) {
    throw new ModelJobError('InvalidArgument', `spec.source.kind \`${spec.source.kind}\` has no files to fetch`);
  }
  if (!/^[\w.-]+(?:\/[\w.-]+)?$/.test(repoId) || repoId.split('/').some((part) => /^\.+$/.test(part))) {
    throw new ModelJobError('InvalidArgument', `spec.source.repo_id \`${repoId}\` is no repository of the hub`);
  }
  const revision = revisionOf(spec) || 'main';
  if (revision.split('/').some((part) => ['', '.', '..'].includes(part)) || /[\0\\]/.test(revision)) {
    throw new ModelJobError('InvalidArgument', `spec.source.revision \`${revision}\` is no revision`);
  }
  const selection = selectionOf(request);
  if (!selectsFiles(selection)) {
    throw new ModelJobError('InvalidArgument', 'at least one model file must be requested');
  }
  // A commit stands for itself.
  const commit = pinned?.commit ?? (/^[0-9a-f]{40}$/.test(revision) ? revision : undefined);
  return { repoId, revision, commit, selection };
}
