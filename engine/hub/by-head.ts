import pLimit from 'p-limit';
import { request } from 'undici';
import { ModelJobError } from '../../planner/index.js';
import type { HubConfig } from './config.js';
import { fileUrl, type HubFile } from './hub-file.js';
import type { HubHttp } from './http.js';
import { hubErrorOf } from './hub-errors.js';
import { headersFor, refuseOffline } from './hub-fetch.js';
import { asHubError, retrying } from './retry.js';

/** Files that are asked about at once. */
const headsAtOnce = 16;

/** Redirects within the hub that one request follows; where another host is named, the hub has said what it knows. */
const maxRedirects = 5;

export interface HeadAccess {
  hub: HubConfig;
  http: HubHttp;
  signal: AbortSignal;
}

type Header = (name: string) => string | undefined;

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
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  const { host } = new URL(access.hub.endpoint);
  for (const path of paths) {
    const header = await headOf(access, repoId, revision, path);
    const commit = header?.('x-repo-commit');
    if (commit !== undefined && /^[0-9a-f]{40}$/.test(commit)) return commit;
    if (!header) continue;
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
  const files = await Promise.all(
    paths.map((path) =>
      limit(async () => {
        const header = await headOf(access, repoId, commit, path);
        return header ? [fileOf(path, header, new URL(access.hub.endpoint).host)] : [];
      }),
    ),
  );
  return files.flat();
}

/** What an answer for a file tells; undefined where it is not there. */
async function headOf(access: HeadAccess, repoId: string, revision: string, path: string): Promise<Header | undefined> {
  const { hub, signal } = access;
  const url = fileUrl(hub.endpoint, repoId, revision, path);
  refuseOffline(hub, url);
  return retrying(signal, async () => {
    const { statusCode: status, header, at } = await head(access, url);
    // A redirect's own length and etag are not the file's.
    if (status >= 300 && status < 400) return (name) => (name.startsWith('x-') ? header(name) : undefined);
    if (status < 300) return header;
    if (status === 404) return undefined;
    throw hubErrorOf({ status, url: at, header: (name) => header(name) ?? null, text: '' }, hub);
  });
}

async function head(
  { hub, http, signal }: HeadAccess,
  from: URL,
): Promise<{ statusCode: number; header: Header; at: URL }> {
  let at = from;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const { statusCode, headers, body } = await request(at, {
      method: 'HEAD',
      headers: headersFor(hub, at),
      dispatcher: http.dispatcher,
      signal,
    }).catch((error: unknown) => {
      throw asHubError(error, `${at.host} can't be reached`);
    });
    await body.dump();
    const header: Header = (name) => [headers[name]].flat()[0];
    const location = header('location');
    const next = location !== undefined && URL.canParse(location, at.href) ? new URL(location, at) : undefined;
    if (statusCode < 300 || statusCode >= 400 || next?.origin !== at.origin) return { statusCode, header, at };
    at = next;
  }
  throw new ModelJobError('Io', `${from.host} redirects \`${from.pathname}\` for ever`, { retryable: false });
}

/** Which headers tell size and hash: the hub's for LFS files, Artifactory's for all, an etag that is the hub's own id. */
function fileOf(path: string, header: Header, host: string): HubFile {
  const etag = idIn(header('x-linked-etag') ?? header('etag'));
  const sha256 = [header('x-checksum-sha256'), etag].find((id) => /^[0-9a-f]{64}$/.test(id ?? ''));
  const length = header('x-linked-size') ?? header('content-length');
  const size = Number(length ?? NaN);
  if (!Number.isSafeInteger(size)) throw untold(host, path, 'no size (X-Linked-Size, Content-Length)');
  if (sha256 !== undefined) return { path, size, etag: sha256, algorithm: 'sha256' };
  const isSha1 = etag !== undefined && etag === header('x-checksum-sha1');
  if (etag !== undefined && !isSha1 && /^[0-9a-f]{40}$/.test(etag)) return { path, size, etag, algorithm: 'git' };
  throw untold(host, path, 'no hash (an ETag that is a SHA-256 or a git blob id, X-Checksum-Sha256)');
}

/** An etag without its weakness and quotes. */
function idIn(etag: string | undefined): string | undefined {
  return etag?.replace(/^W\//, '').replaceAll('"', '');
}

function untold(host: string, path: string, what: string): ModelJobError {
  return new ModelJobError('Io', `${host} serves no API, and tells ${what} for \`${path}\``, { retryable: false });
}
