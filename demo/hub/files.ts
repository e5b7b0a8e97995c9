import { checkGate } from './access.js';
import { bufferAnswer, redirectAnswer, type Answer, type Body } from './answers.js';
import { checkLink, contentDisposition, signLink } from './cdn-links.js';
import { fileOf, targetOf, type Context, type Target } from './context.js';
import { readFromDisk } from './disk.js';
import { HubProblem } from './problems.js';
import { lfsPointer, type SnapshotFile } from './snapshot.js';

/** `GET|HEAD /{repo}/resolve/{revision}/{path}`: the file, or a redirect to where it is. */
export async function answerResolve(context: Context): Promise<Answer> {
  const target = await readableTarget(context);
  const file = fileOf(context, target);
  const commit = target.snapshot.commit;
  const { redirectLfs = true, redirectRegular = false } = context.options;
  if (file.lfs && redirectLfs) {
    return redirectAnswer(302, signLink(context, target.id, commit, file.path), linkedHeaders(file, commit));
  }
  if (!file.lfs && redirectRegular) {
    return redirectAnswer(307, cachedPath(target, file), linkedHeaders(file, commit));
  }
  return fileAnswer(target, file);
}

/** `GET|HEAD /api/resolve-cache/models/{repo}/{commit}/{path}`: where `redirectRegular` leads to. */
export async function answerResolveCache(context: Context): Promise<Answer> {
  const target = await readableTarget(context);
  return fileAnswer(target, fileOf(context, target));
}

/** `GET|HEAD /{repo}/raw/{revision}/{path}`: what git holds, for a file in LFS its pointer. */
export async function answerRaw(context: Context): Promise<Answer> {
  const target = await readableTarget(context);
  const file = fileOf(context, target);
  if (!file.lfs) {
    return fileAnswer(target, file);
  }
  return bufferAnswer(200, lfsPointer(file.lfs.oid, file.size), {
    'Content-Type': 'text/plain; charset=utf-8',
    'Accept-Ranges': 'bytes',
    ETag: `"${file.oid}"`,
    'X-Repo-Commit': target.snapshot.commit,
  });
}

/** `GET|HEAD /cdn/…` on the CDN's own origin: whoever has the signed link may read the file. */
export async function answerCdn(context: Context): Promise<Answer> {
  checkLink(context);
  const { route, store } = context;
  const snapshot = await store.snapshot(route.repo ?? '', route.revision ?? '');
  const file = snapshot?.entries.get(route.path ?? '');
  if (file?.type !== 'file' || !file.lfs) {
    throw new HubProblem(404, undefined, 'NoSuchKey');
  }
  return bodyAnswer(route.repo ?? '', file, {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': contentDisposition(file.path),
    // The storage behind the CDN has ETags of its own, which are no SHA-256: clients must not take them for one.
    ETag: `"${file.lfs.oid.slice(0, 32)}-1"`,
  });
}

async function readableTarget(context: Context): Promise<Target> {
  const target = await targetOf(context);
  checkGate(target.id, target.repo, context.options, context.caller);
  return target;
}

function fileAnswer({ id, snapshot }: Target, file: SnapshotFile): Answer {
  return bodyAnswer(id, file, {
    ...(file.lfs ? linkedHeaders(file, snapshot.commit) : { 'X-Repo-Commit': snapshot.commit }),
    'Content-Type': file.lfs ? 'application/octet-stream' : 'text/plain; charset=utf-8',
    'Content-Disposition': contentDisposition(file.path),
    ETag: `"${file.lfs?.oid ?? file.oid}"`,
  });
}

function linkedHeaders(file: SnapshotFile, commit: string): Record<string, string> {
  return {
    'X-Repo-Commit': commit,
    'X-Linked-Size': String(file.size),
    'X-Linked-Etag': `"${file.lfs?.oid ?? file.oid}"`,
  };
}

function cachedPath({ id, snapshot }: Target, file: SnapshotFile): string {
  const path = [...id.split('/'), snapshot.commit, ...file.path.split('/')].map(encodeURIComponent).join('/');
  return `/api/resolve-cache/models/${path}?etag=${encodeURIComponent(`"${file.oid}"`)}`;
}

function bodyAnswer(repo: string, file: SnapshotFile, headers: Record<string, string>): Answer {
  const { headers: common } = bufferAnswer(200, new Uint8Array(), headers);
  const body: Body = {
    sizeBytes: file.size,
    read: (start, end) => readFromDisk(file, start, end),
    countAs: `${repo}/${file.path}`,
  };
  return { status: 200, headers: { ...common, 'Accept-Ranges': 'bytes' }, body };
}
