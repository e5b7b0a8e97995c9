import { request } from 'undici';
import { ModelJobError } from '../../planner/index.js';
import type { HubConfig } from './config.js';
import type { HubHttp } from './http.js';
import { hubErrorOf } from './hub-errors.js';
import { headersFor, refuseOffline } from './hub-fetch.js';
import { asHubError, retrying } from './retry.js';
import type { Header } from './told-hash.js';

/** Redirects that one request follows. */
const maxRedirects = 10;

export interface HeadAccess {
  hub: HubConfig;
  http: HubHttp;
  signal: AbortSignal;
}

interface Asked {
  method: 'HEAD' | 'GET';
  /** Where to stop: a link to another host may be signed for GET alone. */
  stopsAtHost: boolean;
}

interface Told {
  status: number;
  header: Header;
  url: URL;
}

/**
 * What the answer for a file tells, read without its bytes: by HEAD; where that is not allowed or tells no size, by GET
 * of the first byte.
 *
 * @returns undefined where the file is not there
 */
export async function headOf(access: HeadAccess, url: URL): Promise<{ header: Header; size?: number } | undefined> {
  refuseOffline(access.hub, url);
  const told = await tell(access, url, { method: 'HEAD', stopsAtHost: true });
  if (told === undefined) return undefined;
  const size = told.isRefused ? undefined : sizeIn(told);
  if (size !== undefined) return { header: told.header, size };
  const got = await tell(access, url, { method: 'GET', stopsAtHost: false });
  if (got === undefined) return undefined;
  const header: Header = (name) => (told.isRefused ? undefined : told.header(name)) ?? got.header(name);
  const found = sizeIn(got);
  return { header, ...(found === undefined ? {} : { size: found }) };
}

async function tell(access: HeadAccess, url: URL, asked: Asked): Promise<(Told & { isRefused: boolean }) | undefined> {
  return retrying(access.signal, async () => {
    const told = await follow(access, url, asked);
    const { status, header } = told;
    if (status < 400) return { ...told, isRefused: false };
    if (status === 404) return undefined;
    const code = header('x-error-code');
    if (asked.method === 'HEAD' && [400, 403, 405, 501].includes(status) && code === undefined) {
      return { ...told, isRefused: true };
    }
    throw hubErrorOf({ status, url: told.url, header: (name) => header(name) ?? null, text: '' }, access.hub);
  });
}

/** Follows redirects; what the hub says of the file on the way (`X-…`) stands beside what the last host says. */
async function follow({ hub, http, signal }: HeadAccess, from: URL, asked: Asked): Promise<Told> {
  const said = new Map<string, string>();
  let url = from;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const {
      statusCode: status,
      headers,
      body,
    } = await request(url, {
      method: asked.method,
      headers: { ...headersFor(hub, url), ...(asked.method === 'GET' ? { range: 'bytes=0-0' } : {}) },
      dispatcher: http.dispatcher,
      signal,
    }).catch((error: unknown) => {
      throw asHubError(error, `${url.host} can't be reached`);
    });
    // Nobody reads on: an error of the rest must not end the worker.
    body.on('error', () => undefined).destroy();
    // Another host's etag is no hash of the hub's.
    const here: Header = (name) =>
      name === 'etag' && url.origin !== from.origin ? undefined : [headers[name]].flat()[0];
    const header: Header = (name) => here(name) ?? said.get(name);
    const location = here('location');
    const next = location !== undefined && URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    if (status < 300 || status >= 400 || !next || !/^https?:$/.test(next.protocol)) return { status, header, url };
    for (const name of Object.keys(headers)) if (name.startsWith('x-')) said.set(name, here(name) ?? '');
    // A redirect's own length and etag are not the file's.
    if (asked.stopsAtHost && next.origin !== url.origin) return { status, header: (name) => said.get(name), url };
    url = next;
  }
  throw new ModelJobError('Io', `${from.host} redirects \`${from.pathname}\` for ever`, { retryable: false });
}

/** A file's size as an answer tells it; undefined where its length is that of something else, or not told. */
function sizeIn({ status, header }: Told): number | undefined {
  const isEncoded = !/^(?:identity)?$/i.test(header('content-encoding') ?? '');
  const total = /\/(\d+)\s*$/.exec(header('content-range') ?? '')?.[1];
  const length = status === 200 && !isEncoded ? header('content-length') : undefined;
  const size = Number(header('x-linked-size') ?? (status === 206 ? total : length) ?? NaN);
  return Number.isSafeInteger(size) ? size : undefined;
}
