import { describe, expect, it } from 'vitest';
import { createHubClient } from '../../../engine/hub/hub-client.js';
import { createHubHttp } from '../../../engine/hub/http.js';
import { messageIn, hubErrorOf } from '../../../engine/hub/hub-errors.js';
import { hashIn } from '../../../engine/hub/told-hash.js';
import { startDialect, type Dialect } from '../../helpers/dialect.js';
import { repoId, transferBox, workerOn } from '../../helpers/transfer.js';

const names = Array.from({ length: 5 }, (_, index) => `file ${index}.txt`);
const commit = /^[0-9a-f]{40}$/;

/** A client of a hub with five small files, two in a page of its listing. */
async function through(dialect: Dialect) {
  const box = await transferBox(Object.fromEntries(names.map((name) => [name, `bytes of ${name}`])), { pageSize: 2 });
  const proxy = await startDialect(box.hub, dialect);
  const { hub } = workerOn(box.folder, proxy).config;
  const client = createHubClient(hub, createHubHttp(hub), new AbortController().signal);
  return { client, seen: proxy.seen, sha: await createClient(box).resolve(repoId, 'main', names) };
}

function createClient(box: { folder: string; hub: { url: string } }) {
  const { hub } = workerOn(box.folder, box.hub).config;
  return createHubClient(hub, createHubHttp(hub), new AbortController().signal);
}

const link = (form: (address: URL) => string): Dialect => ({
  instead: ({ url }) => (url?.includes('/paths-info/') ? { status: 404 } : undefined),
  answered: (answer) => {
    const address = /<([^>]+)>/.exec(String(answer.headers['link'] ?? ''))?.[1];
    if (address === undefined) return answer;
    return { ...answer, headers: { ...answer.headers, link: form(new URL(address)) } };
  },
});

const json = (url: string, body: string): Dialect => ({
  instead: (request) => (request.url?.includes(url) ? { status: 200, body } : undefined),
});

const listings: [string, Dialect][] = [
  ['answers paths-info with an empty list', json('/paths-info/', '[]')],
  ['answers paths-info with other JSON', json('/paths-info/', '{"results": []}')],
  [
    'tells no ids in paths-info',
    json('/paths-info/', JSON.stringify(names.map((path) => ({ type: 'file', path, size: 20 })))),
  ],
  ['names no commit in its API', json('/revision/', '{"id": "demo/model", "siblings": []}')],
  [
    'redirects its API by 307',
    {
      instead: ({ url = '' }) =>
        url.startsWith('/api/') && !url.includes('moved')
          ? { status: 307, headers: { location: `${url}${url.includes('?') ? '&' : '?'}moved` } }
          : undefined,
    },
  ],
  ['pages by relative links', link(({ pathname, search }) => `<${pathname}${search}>;rel=next`)],
  [
    'pages by links to the hub behind it',
    link(({ pathname, search }) => `<https://hub.invalid${pathname}${search}>; rel="next"`),
  ],
  [
    'pages by links of several kinds',
    link(({ href }) => `<${href}&last>; rel="last", <${href}>; title="a, b"; rel="next"`),
  ],
];

describe('the files of a hub that', () => {
  it.each(listings)('%s are all found', async (_, dialect) => {
    const { client, sha } = await through(dialect);
    expect(await client.resolve(repoId, 'main', names)).toBe(sha);
    const found = await client.files(repoId, sha, [...names, 'absent.txt']);
    expect(found.map(({ path }) => path).sort()).toEqual(names);
    expect(found.every(({ etag, algorithms }) => commit.test(etag) && algorithms[0] === 'git')).toBe(true);
  });

  it('pages for ever are a clear failure', async () => {
    const headers = { link: '<?cursor=1>; rel="next"' };
    const { client, sha } = await through({
      instead: ({ url }) =>
        url?.includes('/paths-info/')
          ? { status: 404 }
          : url?.includes('/tree/')
            ? { status: 200, headers, body: '[]' }
            : undefined,
    });
    await expect(client.files(repoId, sha, names)).rejects.toThrow(/lists the files of demo\/model for ever/);
  });

  it('lists names alone are listed, and one that lists none is told so', async () => {
    const noTree: Dialect['instead'] = ({ url }) => (url?.includes('/tree/') ? { status: 404 } : undefined);
    const names_ = await through({ instead: noTree });
    expect((await names_.client.list(repoId, names_.sha)).paths.sort()).toEqual(names);
    const nothing = await through({ instead: ({ url }) => (url?.startsWith('/api/') ? { status: 404 } : undefined) });
    await expect(nothing.client.list(repoId, nothing.sha)).rejects.toThrow(/404/);
  });
});

const hub = workerOn('/tmp', { url: 'http://127.0.0.1:1' }).config.hub;
const refusal = (status: number, headers: Record<string, string> = {}, text = '') =>
  hubErrorOf({ status, url: new URL('http://hub.test/x'), header: (name) => headers[name] ?? null, text }, hub);

describe('a refusal', () => {
  it.each([
    [401, 'GatedRepo', 'PermissionDenied', /gated/],
    [403, 'GatedRepo', 'PermissionDenied', /gated/],
    [401, 'RepoNotFound', 'NotFound', /repository does not exist, or the token/],
    [403, 'RevisionNotFound', 'NotFound', /no such revision/],
    [400, 'EntryNotFound', 'NotFound', /no such file/],
    [404, 'EntryNotFound', 'NotFound', /no such file/],
  ])('of status %i with X-Error-Code %s is %s', (status, code, type, message) => {
    expect(refusal(status, { 'x-error-code': code })).toMatchObject({
      code: type,
      retryable: false,
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    [408, true],
    [425, true],
    [429, true],
    [500, true],
    [502, true],
    [503, true],
    [504, true],
    [520, true],
    [501, false],
    [505, false],
    [400, false],
    [402, false],
    [407, false],
    [410, false],
    [451, false],
  ])('of status %i may pass: %s', (status, passes) => {
    expect(refusal(status)).toMatchObject({ code: 'Io', retryable: passes });
  });

  it.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': '1.5' }, 1.5],
    [{ 'retry-after': '0' }, 0],
    [{ ratelimit: '"api";r=0;t=55', 'ratelimit-policy': '"fixed window";"api";q=500;w=300' }, 55],
    [{ ratelimit: '"api";r=12;t=9, "resolvers"; r = 0; t = 31' }, 31],
    [{ ratelimit: '"api";t=8;r=0' }, 8],
    [{ ratelimit: 'limit=100, remaining=0, reset=50' }, 50],
    [{ 'ratelimit-reset': '12' }, 12],
    [{ 'retry-after': '3', ratelimit: '"api";r=0;t=55' }, 3],
  ])('with %o waits %d s', (headers, seconds) => {
    expect(refusal(429, headers).details['retryAfterMs']).toBe(seconds * 1000);
  });

  it('with a date, or seconds since 1970, waits until then', () => {
    const at = new Date(Date.now() + 20_000);
    const waits = [
      { 'retry-after': at.toUTCString() },
      { 'x-ratelimit-reset': String(Math.ceil(Number(at) / 1000)) },
    ].map((headers) => refusal(503, headers).details['retryAfterMs']);
    for (const wait of waits) expect(wait).toBeGreaterThan(18_000);
    for (const wait of waits) expect(wait).toBeLessThan(21_500);
    expect(refusal(429, { 'retry-after': 'soon' }).details).not.toHaveProperty('retryAfterMs');
  });

  it.each([
    [
      '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><Message>Request has\n expired</Message></Error>',
      'AccessDenied: Request has expired',
    ],
    ['{"error":"Repository not found"}', 'Repository not found'],
    ['{"errors":[{"status":404,"message":"Item missing"}]}', 'Item missing'],
    ['{"detail":"Not found."}', 'Not found.'],
    ['{"error":{"message":"no"}}', 'no'],
    ['<!DOCTYPE html><html><head><title>503 Service\nUnavailable</title></head></html>', '503 Service Unavailable'],
    ['<html><body>log in', ''],
    ['upstream timed out\nsecond line', 'upstream timed out'],
    ['{}', ''],
  ])('says %s as `%s`', (text, said) => {
    expect(messageIn(text)).toBe(said);
  });
});

describe('the hash that headers tell', () => {
  const sha256 = 'a'.repeat(64);
  const sha1 = 'b'.repeat(40);
  it.each([
    [{ etag: `W/"${sha256.toUpperCase()}"` }, sha256, ['sha256']],
    [{ etag: '"x"', 'x-linked-etag': `"${sha256}"` }, sha256, ['sha256']],
    [{ etag: `"${sha1}"`, 'x-checksum-sha256': sha256.toUpperCase() }, sha256, ['sha256']],
    [{ etag: `"${sha1}"` }, sha1, ['git', 'sha1']],
    [{ etag: `"${sha1}"`, 'x-checksum-sha1': sha1 }, sha1, ['sha1']],
    [{ etag: `"{SHA1{${sha1}}}"` }, sha1, ['sha1']],
    [{ digest: `SHA-256=${Buffer.from(sha256, 'hex').toString('base64')}` }, sha256, ['sha256']],
    [{ 'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64') }, sha256, ['sha256']],
  ])('%o', (headers, id, algorithms) => {
    expect(hashIn((name) => (headers as Record<string, string>)[name])).toEqual({ id, algorithms });
  });

  it.each([
    {},
    { etag: '"65b9-1388"' },
    { etag: '"d41d8cd98f00b204e9800998ecf8427e"' },
    { etag: '"d41d8cd98f00b204e9800998ecf8427e-3"' },
    { etag: '' },
  ])('is none in %o', (headers) => {
    expect(hashIn((name) => (headers as Record<string, string>)[name])).toBeUndefined();
  });
});
