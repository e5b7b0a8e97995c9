import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from './context.js';
import { HubProblem } from './problems.js';

const defaultLifetimeMs = 3_600_000;

/** A link to a file on the CDN that ends by itself: whoever has it may read the file. */
export function signLink({ cdnUrl, options, secret }: Context, repo: string, commit: string, path: string): string {
  const expires = ((Date.now() + (options.linkLifetimeMs ?? defaultLifetimeMs)) / 1000).toFixed(3);
  const pathname = ['', 'cdn', repo, commit, ...path.split('/')].map(encodeURIComponent).join('/');
  const query = new URLSearchParams({
    'response-content-disposition': contentDisposition(path),
    Expires: expires,
    Signature: signatureOf(secret, repo, commit, path, expires),
    'Key-Pair-Id': 'LOOPBACK',
  });
  return `${cdnUrl}${pathname}?${query.toString()}`;
}

/**
 * Whether the link that was asked for is whole and still valid.
 *
 * @throws HubProblem 403 where it is not; 400 for a request that brings its own credentials, as S3 does.
 */
export function checkLink({ route, secret, headers }: Context): void {
  if (headers.authorization !== undefined) {
    throw new HubProblem(400, undefined, 'Only one auth mechanism allowed: the link is signed, send no Authorization');
  }
  const expires = route.query.get('Expires') ?? '';
  const expected = signatureOf(secret, route.repo ?? '', route.revision ?? '', route.path ?? '', expires);
  if (!isEqual(route.query.get('Signature') ?? '', expected) || !(Number(expires) * 1000 > Date.now())) {
    throw new HubProblem(403, undefined, 'AccessDenied: the link has expired or is not signed');
  }
}

/** The name to save a file under, for all clients and for those that read ASCII only. */
export function contentDisposition(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ascii = name.replace(/[^\x20-\x7e]|["\\]/gu, '_');
  return `inline; filename*=UTF-8''${encodeURIComponent(name)}; filename="${ascii}";`;
}

function signatureOf(secret: string, ...parts: string[]): string {
  return createHmac('sha256', secret).update(parts.join('\0')).digest('base64url');
}

function isEqual(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
