import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { ModelJobError } from '../../planner/index.js';
import { headOf, type HeadAccess } from './head.js';
import { fileUrl, type HubFile } from './hub-file.js';
import { hashIn, type Header } from './told-hash.js';

/** Files that are asked about at once. */
const headsAtOnce = 16;

const commitId = /^[0-9a-f]{40}$/i;

/**
 * The commit that a hub names in its answer for a file (`X-Repo-Commit`); a revision that is a commit stands for itself.
 *
 * @throws ModelJobError `NotFound` where no file is there, `Io` where no commit is named
 */
export async function commitByHead(
  access: HeadAccess,
  repoId: string,
  revision: string,
  paths: readonly string[],
): Promise<string> {
  if (commitId.test(revision)) return revision;
  const { host } = new URL(access.hub.endpoint);
  for (const path of paths) {
    const told = await headOf(access, fileUrl(access.hub.endpoint, repoId, revision, path));
    const commit = told?.header('x-repo-commit');
    if (commit !== undefined && commitId.test(commit)) return commit.toLowerCase();
    if (!told) continue;
    const missing = 'it serves no API and sends no X-Repo-Commit: ask for a commit (40 hexadecimal digits) as revision';
    throw new ModelJobError('Io', `${host} names no commit for ${repoId} at ${revision}: ${missing}`, {
      retryable: false,
    });
  }
  throw new ModelJobError('NotFound', `${host} has none of the files of ${repoId} at ${revision}, and no API to ask`);
}

/** Those of the paths that the hub has, as its answers for them say. */
export async function filesByHead(
  access: HeadAccess,
  repoId: string,
  commit: string,
  paths: readonly string[],
): Promise<HubFile[]> {
  const limit = pLimit(headsAtOnce);
  const { endpoint } = access.hub;
  const files = await Promise.all(
    paths.map((path) =>
      limit(async () => {
        const told = await headOf(access, fileUrl(endpoint, repoId, commit, path));
        return told ? [fileOf({ path, commit, host: new URL(endpoint).host }, told)] : [];
      }),
    ),
  );
  return files.flat();
}

function fileOf(
  { path, commit, host }: { path: string; commit: string; host: string },
  { header, size }: { header: Header; size?: number },
): HubFile {
  if (size === undefined) {
    const what = `no size (X-Linked-Size, Content-Length, Content-Range) for \`${path}\``;
    throw new ModelJobError('Io', `${host} serves no API, and tells ${what}`, { retryable: false });
  }
  const hash = hashIn(header);
  if (hash) return { path, size, etag: hash.id, algorithms: hash.algorithms };
  const etag = header('x-linked-etag') ?? header('etag');
  const own = etag === undefined ? 'it sends no ETag' : `its ETag ${etag} is none`;
  // What changes brings another etag, where there is one: parts of two files never meet.
  const id = createHash('sha256').update(JSON.stringify([commit, path, size, etag]));
  return {
    path,
    size,
    etag: `unverified-${id.digest('hex').slice(0, 40)}`,
    algorithms: [],
    unverified: `${host} tells no hash of it: ${own}`,
  };
}
