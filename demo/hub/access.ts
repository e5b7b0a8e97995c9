import type { HubOptions, RepoOptions } from './options.js';
import { badCredentials, gatedRepo, repoNotFound } from './problems.js';

/** Who asks: the bearer token, if any. */
export type Caller = string | undefined;

/** The token of an `Authorization` header. */
export function callerOf(authorization: string | undefined): Caller {
  return /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
}

/**
 * Whether this caller may speak to the hub at all.
 *
 * @throws HubProblem 401.
 */
export function checkToken({ token }: HubOptions, caller: Caller): void {
  if (token === undefined || caller === token) {
    return;
  }
  throw badCredentials(
    caller === undefined ? 'Invalid username or password.' : 'Invalid credentials in Authorization header',
  );
}

/**
 * The repo, if it is there for this caller.
 *
 * @throws HubProblem `RepoNotFound`.
 */
export function visibleRepo(repo: RepoOptions | undefined, options: HubOptions, caller: Caller): RepoOptions {
  if (repo !== undefined && mayRead(repo.private, options, caller)) {
    return repo;
  }
  throw repoNotFound(caller === undefined ? (options.missingRepoStatus ?? 404) : 404);
}

/**
 * Whether this caller may read a repo's files.
 *
 * @throws HubProblem `GatedRepo`.
 */
export function checkGate(id: string, repo: RepoOptions, options: HubOptions, caller: Caller): void {
  if (!mayRead(repo.gated, options, caller)) {
    throw gatedRepo(id, caller === undefined ? 401 : 403);
  }
}

function mayRead(rule: boolean | string[] | undefined, { token }: HubOptions, caller: Caller): boolean {
  if (rule === undefined || rule === false) {
    return true;
  }
  const readers = rule === true ? [token] : rule;
  return caller !== undefined && readers.includes(caller);
}
