import type { HubOptions, RepoOptions } from './options.js';
import type { Caller } from './access.js';
import { visibleRepo } from './access.js';
import { entryNotFound, revisionNotFound } from './problems.js';
import type { RepoStore } from './repo-store.js';
import type { Route } from './route.js';
import type { Snapshot, SnapshotFile } from './snapshot.js';

/** What every handler needs: the hub, the request's route and who asks. */
export interface Context {
  options: HubOptions;
  store: RepoStore;
  url: string;
  cdnUrl: string;
  /** Signs the links to the CDN; new for each hub. */
  secret: string;
  route: Route;
  caller: Caller;
  headers: Record<string, string | string[] | undefined>;
  /** The request's body, read when asked for. */
  readBody(): Promise<string>;
}

/** The repo and commit that a route names. */
export interface Target {
  id: string;
  repo: RepoOptions;
  snapshot: Snapshot;
}

/**
 * Finds what a route names, for this caller.
 *
 * @throws HubProblem `RepoNotFound` or `RevisionNotFound`.
 */
export async function targetOf({ options, store, route, caller }: Context): Promise<Target> {
  const id = route.repo ?? '';
  const repo = visibleRepo(store.get(id), options, caller);
  const revision = route.revision ?? 'main';
  const snapshot = await store.snapshot(id, revision);
  if (snapshot === undefined) {
    throw revisionNotFound(revision);
  }
  return { id, repo, snapshot };
}

/**
 * The file that a route names.
 *
 * @throws HubProblem `EntryNotFound`.
 */
export function fileOf({ route }: Context, { snapshot }: Target): SnapshotFile {
  const entry = snapshot.entries.get(route.path ?? '');
  if (entry?.type !== 'file') {
    throw entryNotFound('Entry not found', snapshot.commit);
  }
  return entry;
}
