/** The codes that the hub sends in `X-Error-Code`. */
export type HubErrorCode = 'RepoNotFound' | 'RevisionNotFound' | 'EntryNotFound' | 'GatedRepo';

/** An answer that is an error: status, code and message as the real hub sends them. */
export class HubProblem extends Error {
  override readonly name = 'HubProblem';

  constructor(
    readonly status: number,
    readonly code: HubErrorCode | undefined,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

/** 401, or 404 for those who sent a token. */
export function repoNotFound(status: 401 | 404): HubProblem {
  return status === 401
    ? new HubProblem(401, 'RepoNotFound', 'Invalid username or password.', challenge)
    : new HubProblem(404, 'RepoNotFound', 'Repository not found');
}

/** 404 for a branch, tag or commit that the repo does not have. */
export function revisionNotFound(revision: string): HubProblem {
  return new HubProblem(404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
}

/** 404 for a file; it names the commit, so that clients can remember the absence. */
export function entryNotFound(message: string, commit: string): HubProblem {
  return new HubProblem(404, 'EntryNotFound', message, { 'X-Repo-Commit': commit });
}

/** 401 for callers without a token, 403 for those whose token has no access. */
export function gatedRepo(repo: string, status: 401 | 403): HubProblem {
  return status === 401
    ? new HubProblem(
        401,
        'GatedRepo',
        `Access to model ${repo} is restricted. You must have access to it and be authenticated to access it. Please log in.`,
        challenge,
      )
    : new HubProblem(
        403,
        'GatedRepo',
        `Access to model ${repo} is restricted and you are not in the authorized list. Ask for access.`,
      );
}

/** 401 for a token that nobody has. */
export function badCredentials(message: string): HubProblem {
  return new HubProblem(401, undefined, message, challenge);
}

const challenge = { 'WWW-Authenticate': 'Bearer realm="Authentication required", charset="UTF-8"' };
