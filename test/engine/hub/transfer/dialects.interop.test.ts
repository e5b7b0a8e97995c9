import { createHash } from 'node:crypto';
import { chmod, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gzipped, startDialect, type Dialect } from '../../../helpers/dialect.js';
import { noise, requestOf, transferBox, workerOn, writeFiles } from '../../../helpers/transfer.js';

/** Three ranges. */
const size = 20_000_000;
const weightsPath = 'model.safetensors';
const request = requestOf([{ required: weightsPath }, { required: 'config.json' }, { optional: 'absent.json' }]);
let files: Record<string, string | Uint8Array>;
beforeAll(() => {
  files = { [weightsPath]: noise(size), 'config.json': JSON.stringify({ text: 'x'.repeat(3000) }) };
});

/** A worker whose hub speaks a dialect. */
async function through(dialect: Dialect, config = {}) {
  const box = await transferBox(files, { redirectLfs: false });
  const proxy = await startDialect(box.hub, dialect);
  const worker = workerOn(box.folder, proxy, config);
  const isRight = async (): Promise<boolean> =>
    (await readFile(join(worker.bundle, 'files', weightsPath))).equals(files[weightsPath] as Uint8Array) &&
    (await readFile(join(worker.bundle, 'files', 'config.json'), 'utf8')) === files['config.json'];
  return { ...box, ...worker, proxy, isRight };
}

const isApi = (url = ''): boolean => url.startsWith('/api/');
const isWeights = (url = ''): boolean => url.includes('/resolve/') && url.endsWith(weightsPath);
const sha1 = (bytes: Buffer | string): string => createHash('sha1').update(bytes).digest('hex');

const works: [string, Dialect][] = [
  ...[400, 404, 405, 501].map((status): [string, Dialect] => [
    `answers ${status} for paths-info: the tree is read`,
    { instead: ({ url }) => (url?.includes('/paths-info/') ? { status, body: 'no such thing' } : undefined) },
  ]),
  [
    'serves revision and resolve alone: each file is asked for by HEAD',
    { instead: ({ url }) => (/\/(?:paths-info|tree)\//.test(url ?? '') ? { status: 404 } : undefined) },
  ],
  ['serves resolve alone', { instead: ({ url }) => (isApi(url) ? { status: 404, body: '<html>' } : undefined) }],
  [
    'tells the hash by X-Checksum-Sha256 alone',
    {
      instead: ({ url }) => (isApi(url) ? { status: 404 } : undefined),
      answered: (answer, { url }) => {
        const bytes = files[url?.split('/').at(-1) ?? ''] ?? '';
        const headers = {
          ...answer.headers,
          etag: sha1(Buffer.from(bytes)),
          'x-linked-etag': undefined,
          'x-checksum-sha256': createHash('sha256').update(bytes).digest('hex'),
        };
        return { ...answer, headers: JSON.parse(JSON.stringify(headers)) as Record<string, string> };
      },
    },
  ],
  ...[
    '"5d41402abc4b2a76b9719d911017c592aaaaaaaa"',
    '"{SHA1{da39a3ee5e6b4b0d3255bfef95601890afd80709}}"',
    '"65b9-1388"',
    'W/"x-gzip"',
  ].map((etag): [string, Dialect] => [
    `sends ${etag} as etag of all files`,
    { answered: (answer) => ({ ...answer, headers: { ...answer.headers, etag, 'x-linked-etag': etag } }) },
  ]),
  [
    'sends one wrong etag with the first range',
    {
      answered: (answer, { url }, count) =>
        isWeights(url) && count === 1 ? { ...answer, headers: { ...answer.headers, etag: '"other"' } } : answer,
    },
  ],
  [
    'sends another etag with every range, as mirrors that stand for each other',
    { answered: (answer, _, count) => ({ ...answer, headers: { ...answer.headers, etag: `"${count}"` } }) },
  ],
  [
    'does not know the total of a range',
    {
      answered: (answer) => {
        const range = answer.headers['content-range'];
        if (range === undefined) return answer;
        return { ...answer, headers: { ...answer.headers, 'content-range': range.replace(/\d+$/, '*') } };
      },
    },
  ],
  [
    'sends 206 without Content-Range',
    {
      answered: (answer) => {
        const { 'content-range': _, ...headers } = answer.headers;
        return { ...answer, headers };
      },
    },
  ],
  [
    'ignores ranges',
    {
      asked: (headers) => {
        const { range: _, ...others } = headers;
        return others;
      },
    },
  ],
  [
    'answers 206 for the whole file',
    {
      answered: (answer, { url }) =>
        isWeights(url) || answer.status !== 200
          ? answer
          : {
              ...answer,
              status: 206,
              headers: {
                ...answer.headers,
                'content-range': `bytes 0-${answer.body.length - 1}/${answer.body.length}`,
              },
            },
    },
  ],
  [
    'compresses though that was not asked for',
    { answered: (answer) => (answer.status === 200 ? gzipped(answer) : answer) },
  ],
];

describe('a hub that', () => {
  it.each(works)('%s works', async (_, dialect) => {
    const box = await through(dialect);
    expect(await box.run('downloadModel', request)).toMatchObject({ files: 2, bytesTotal: size + 3011 });
    expect(await box.isRight()).toBe(true);
  });

  it('ignores ranges, and breaks off, is read from the beginning again', async () => {
    const box = await transferBox(files, {
      redirectLfs: false,
      faults: ({ path, attempt }) =>
        path === weightsPath
          ? attempt % 2 === 0
            ? { kind: 'reset', afterBytes: 12_000_000 }
            : { kind: 'ignore-range' }
          : undefined,
    });
    await box.run('downloadModel', request);
    expect((await readFile(join(box.bundle, 'files', weightsPath))).equals(files[weightsPath] as Uint8Array)).toBe(
      true,
    );
  });

  it('ignores ranges, and sends wrong bytes, publishes nothing', async () => {
    const box = await transferBox(files, {
      redirectLfs: false,
      faults: ({ path, attempt }) =>
        path === weightsPath ? (attempt <= 3 ? { kind: 'ignore-range' } : { kind: 'flip', offset: 7 }) : undefined,
    });
    await expect(box.run('downloadModel', request)).rejects.toMatchObject({
      type: 'IntegrityError',
      nonRetryable: true,
    });
  });

  it('serves no API and names no commit says what is missing', async () => {
    const box = await through({
      instead: ({ url }) => (isApi(url) ? { status: 404 } : undefined),
      answered: (answer) => {
        const { 'x-repo-commit': _, ...headers } = answer.headers;
        return { ...answer, headers };
      },
    });
    await expect(box.run('downloadModel', request)).rejects.toMatchObject({
      type: 'Io',
      nonRetryable: true,
      message: expect.stringMatching(/names no commit for demo\/model at main: it serves no API/) as string,
    });
  });
});

const refusals: [string, Dialect, RegExp][] = [
  [
    'redirects for ever',
    { instead: ({ url }) => ({ status: 302, headers: { location: `${url ?? ''}?` } }) },
    /redirect/,
  ],
  [
    'redirects its files for ever',
    { instead: ({ url }) => (isApi(url) ? undefined : { status: 302, headers: { location: `${url ?? ''}?` } }) },
    /redirects `.*` for ever/,
  ],
  [
    'sends an HTML page instead of JSON',
    {
      instead: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<!DOCTYPE html><p>log in</p>' }),
    },
    /127\.0\.0\.1:\d+ sent an HTML page instead of JSON/,
  ],
  [
    'sends an HTML page instead of bytes',
    {
      instead: ({ url }) =>
        isApi(url) ? undefined : { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>log in</html>' },
    },
    /127\.0\.0\.1:\d+ sent an HTML page for `/,
  ],
  [
    'sends an LFS pointer instead of bytes',
    {
      instead: ({ url }) =>
        isWeights(url)
          ? { status: 200, body: `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 9\n` }
          : undefined,
    },
    /LFS pointer/,
  ],
];

describe('a fault that lasts ends soon, and is final:', () => {
  it.each(refusals)(
    'a hub that %s',
    async (_, dialect, message) => {
      const box = await through(dialect);
      await expect(box.run('downloadModel', request)).rejects.toMatchObject({
        nonRetryable: true,
        message: expect.stringMatching(message) as string,
      });
    },
    20_000,
  );

  it('a new link that its host refuses, in the words of that host', async () => {
    const body = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
    const box = await transferBox(files, {
      faults: ({ kind }) => (kind === 'cdn' ? { kind: 'status', status: 403, body } : undefined),
    });
    await expect(box.run('downloadModel', request)).rejects.toMatchObject({
      type: 'PermissionDenied',
      nonRetryable: true,
      message: expect.stringMatching(
        /new link .* refused: 127\.0\.0\.1:\d+ answered 403 \(AccessDenied: Access Denied\)/,
      ) as string,
    });
  }, 20_000);

  it('a host that is not known', async () => {
    const box = await transferBox(files);
    const { run } = workerOn(box.folder, { url: 'http://hub.invalid' });
    await expect(run('downloadModel', request)).rejects.toMatchObject({
      nonRetryable: true,
      message: expect.stringContaining('hub.invalid') as string,
    });
  }, 20_000);
});

describe('a hub that is busy', () => {
  it.each([
    ['Retry-After', { 'retry-after': '1' }],
    ['RateLimit', { ratelimit: '"api";r=0;t=1', 'ratelimit-policy': '"fixed window";"api";q=500;w=300' }],
  ])('is asked again when its %s says', async (_, headers) => {
    const times: number[] = [];
    const box = await through({
      instead: ({ url }) => {
        if (!isApi(url)) return undefined;
        times.push(Date.now());
        return times.length === 1 ? { status: 429, headers } : undefined;
      },
    });
    await box.run('downloadModel', request);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });
});

describe('a cache', () => {
  it('that is read-only and has everything is enough', async () => {
    const box = await transferBox(files);
    await box.run('downloadModel', request);
    await rm(join(box.folder, 'home'), { recursive: true });
    await chmod(join(box.cache, 'refs'), 0o555);
    await writeFiles(box.cache, {});
    expect(await box.run('downloadModel', request)).toMatchObject({ bytesFetched: 0 });
  });

  it('with a ref `main` as folder goes on', async () => {
    const box = await transferBox(files);
    await writeFiles(box.cache, { 'refs/main/x': 'c'.repeat(40) });
    expect(await box.run('downloadModel', request)).toMatchObject({ files: 2 });
  });
});
