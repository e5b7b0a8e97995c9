import type { RouteKind } from './options.js';
import { HubProblem } from './problems.js';

/** A request's path taken apart and decoded. */
export interface Route {
  kind: RouteKind;
  repo?: string;
  revision?: string;
  path?: string;
  query: URLSearchParams;
}

const apiKinds: Record<string, RouteKind> = { revision: 'model-info', tree: 'tree', 'paths-info': 'paths-info' };
const fileKinds: Record<string, RouteKind> = { resolve: 'resolve', raw: 'raw' };

/**
 * Understands a path of the hub or its CDN.
 *
 * @throws HubProblem 400 where the percent encoding is broken or a repo's slash is encoded.
 */
export function routeOf(url: string): Route {
  const { pathname, search } = splitUrl(url);
  const query = new URLSearchParams(search);
  const segments = pathname.slice(1).split('/').map(decode);
  if (segments[0] === 'api' && segments[1] === 'models' && segments.length > 2) {
    return { ...(repoRoute(segments.slice(2), apiKinds) ?? wholeRepo(segments.slice(2))), query };
  }
  if (segments[0] === 'api' && segments[1] === 'resolve-cache' && segments[2] === 'models') {
    return { ...cachedFile(segments.slice(3)), query };
  }
  if (segments[0] === 'cdn' && segments.length > 3) {
    return { kind: 'cdn', repo: segments[1]!, revision: segments[2]!, path: segments.slice(3).join('/'), query };
  }
  return { ...(repoRoute(segments, fileKinds) ?? { kind: 'other' }), query };
}

/** Taken apart by hand, since `URL` would rewrite dots and backslashes before they could be refused. */
function splitUrl(url: string): { pathname: string; search: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { pathname: url, search: '' } : { pathname: url.slice(0, mark), search: url.slice(mark) };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HubProblem(400, undefined, `Invalid percent-encoding in "${segment}"`);
  }
}

/** `owner/name/KIND/revision/path` or `name/KIND/revision/path`. */
function repoRoute(segments: string[], kinds: Record<string, RouteKind>): Omit<Route, 'query'> | undefined {
  const at = [2, 1].find((index) => Object.hasOwn(kinds, segments[index] ?? ''));
  if (at === undefined) {
    return undefined;
  }
  const { revision, rest } = takeRevision(segments.slice(at + 1));
  return { kind: kinds[segments[at]!]!, repo: repoId(segments.slice(0, at)), revision, path: rest.join('/') };
}

function wholeRepo(segments: string[]): Omit<Route, 'query'> {
  return segments.length > 2 ? { kind: 'other' } : { kind: 'model-info', repo: repoId(segments), revision: 'main' };
}

/** `owner/name/commit/path`, where the commit tells which part is the name. */
function cachedFile(segments: string[]): Omit<Route, 'query'> {
  const at = segments.findIndex((segment, index) => index > 0 && /^[0-9a-f]{40}$/.test(segment));
  if (at < 0) {
    return { kind: 'other' };
  }
  const path = segments.slice(at + 1).join('/');
  return { kind: 'resolve-cache', repo: repoId(segments.slice(0, at)), revision: segments[at]!, path };
}

/** Names such as `refs/pr/1` may come with their slashes encoded or not, as the real hub allows. */
function takeRevision(segments: string[]): { revision: string; rest: string[] } {
  const length = segments[0] === 'refs' && segments.length >= 3 ? 3 : 1;
  return { revision: segments.slice(0, length).join('/') || 'main', rest: segments.slice(length) };
}

function repoId(segments: string[]): string {
  if (segments.some((segment) => segment.includes('/'))) {
    throw new HubProblem(400, undefined, `Invalid repo name: "${segments.join('/')}", its slash must not be encoded`);
  }
  return segments.join('/');
}
