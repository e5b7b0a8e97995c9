import { namedPaths } from '../../../planner/index.js';
import type { Work } from '../../workspace/work.js';
import { openCachedRepo } from '../cache/cached-repo.js';
import type { HubConfig } from '../config.js';
import type { HubHttp } from '../http.js';
import { createHubClient } from '../hub-client.js';
import { createRangeReader, type RangeReader } from '../range-reader.js';
import type { RepoFetch } from '../repo-files.js';
import { refuseUnverified } from '../unverified.js';
import { chosenFiles, type ChosenFiles } from './chosen-files.js';

/** A worker's hub: where it is, and the connections to it. */
export interface HubAccess {
  hub: HubConfig;
  http: HubHttp;
}

/** What a fetch will bring, before a byte of it is here. */
export interface FetchPlan extends ChosenFiles {
  reader: RangeReader;
}

/**
 * The pinned commit, else the one that the revision stands for now.
 *
 * @throws ModelJobError `NotFound`, `PermissionDenied` (final), `Io` (may pass)
 */
export async function resolveCommit(
  { hub, http }: HubAccess,
  { repoId, revision, commit, selection }: RepoFetch,
  work: Work,
): Promise<string> {
  return commit ?? createHubClient(hub, http, work.signal).resolve(repoId, revision, namedPaths(selection));
}

/**
 * The chosen files of a commit. The metadata of named files comes in one request for a thousand files, of patterns in one
 * listing.
 *
 * @throws ModelJobError `NotFound`, `PermissionDenied`, `IntegrityError` (final), `Io` (may pass)
 */
export async function planFetch(
  { hub, http }: HubAccess,
  { repoId, revision, commit: pinned, selection, hashes }: RepoFetch,
  commit: string,
  work: Work,
): Promise<FetchPlan> {
  const repo = openCachedRepo(hub.cacheDir, repoId);
  const client = createHubClient(hub, http, work.signal);
  const reader = createRangeReader({ hub, http, repoId, commit });
  const source = `${repoId} at ${pinned ?? revision}`;
  const chosen = await chosenFiles({ client, reader, repo, repoId, commit, selection, source, hashes }, work);
  if (hub.refuseUnverified) refuseUnverified(chosen.files);
  return { ...chosen, reader };
}
