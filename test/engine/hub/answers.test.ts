import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { startDialect, type Dialect, type DialectAnswer } from '../../helpers/dialect.js';
import { noise, requestOf, transferBox, workerOn } from '../../helpers/transfer.js';

/** Two ranges. */
const size = 9_000_000;
const weightsPath = 'model.safetensors';
const packedPath = 'vocab.json.gz';
const request = requestOf([{ required: weightsPath }, { required: 'config.json' }, { required: packedPath }]);
const sha1 = (bytes: Uint8Array | string): string => createHash('sha1').update(bytes).digest('hex');
let files: Record<string, string | Uint8Array>;
beforeAll(() => {
  files = {
    [weightsPath]: noise(size),
    'config.json': JSON.stringify({ text: 'x'.repeat(3000) }),
    [packedPath]: gzipSync('{}'),
  };
});

async function through(dialect: Dialect, config = {}) {
  const box = await transferBox(files, { redirectLfs: false });
  const proxy = await startDialect(box.hub, dialect);
  const worker = workerOn(box.folder, proxy, config);
  const isRight = async (): Promise<boolean> => {
    const found = await Promise.all(Object.keys(files).map((path) => readFile(join(worker.bundle, 'files', path))));
    return Object.values(files).every((bytes, index) => found[index]?.equals(Buffer.from(bytes)));
  };
  return { ...box, ...worker, proxy, isRight };
}

const isApi = (url = ''): boolean => url.startsWith('/api/');
const isWeights = (url = ''): boolean => url.includes('/resolve/') && url.endsWith(weightsPath);
const bytesOf = (url = ''): Uint8Array => Buffer.from(files[url.split('/').at(-1) ?? ''] ?? '');

/** A hub without an API; `headers` of the answers for files. */
const bare = (headers: (url: string) => Record<string, string | undefined>): Dialect => ({
  instead: ({ url }) => (isApi(url) ? { status: 404 } : undefined),
  answered: (answer, { url }) => {
    const own = { 'x-linked-etag': undefined, ...headers(url ?? '') };
    return { ...answer, headers: JSON.parse(JSON.stringify({ ...answer.headers, ...own })) as Record<string, string> };
  },
});

const encodings: [string, (body: Buffer) => Buffer][] = [
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['GZIP', gzipSync],
  ['gzip, br', (body) => brotliCompressSync(gzipSync(body))],
];

const works: [string, Dialect][] = [
  ...encodings.map(([name, encode]): [string, Dialect] => [
    `encodes whole answers as ${name} (${encode.name})`,
    {
      answered: (answer) => {
        if (answer.status !== 200) return answer;
        const body = encode(answer.body as Buffer);
        return {
          ...answer,
          headers: { ...answer.headers, 'content-encoding': name, 'content-length': body.length },
          body,
        };
      },
    },
  ]),
  ...['utf-8', 'aws-chunked', 'none', ''].map((name): [string, Dialect] => [
    `says content-encoding \`${name}\`, which is none`,
    { answered: (answer) => ({ ...answer, headers: { ...answer.headers, 'content-encoding': name } }) },
  ]),
  [
    'says of packed files that it has encoded them',
    {
      answered: (answer, { url }) =>
        url?.endsWith('.gz') ? { ...answer, headers: { ...answer.headers, 'content-encoding': 'x-gzip' } } : answer,
    },
  ],
  [
    'sends less than each range',
    {
      answered: (answer) => {
        const [, start] = /^bytes (\d+)-/.exec(answer.headers['content-range'] ?? '') ?? [];
        if (start === undefined || answer.body.length <= 3_000_000) return answer;
        const range = `bytes ${start}-${Number(start) + 2_999_999}/${size}`;
        const headers = { ...answer.headers, 'content-range': range, 'content-length': 3_000_000 };
        return { ...answer, headers, body: (answer.body as Buffer).subarray(0, 3_000_000) };
      },
    },
  ],
  ...['Bytes {}', 'bytes={}', ' bytes  {} '].map((form): [string, Dialect] => [
    `writes ranges as \`${form}\``,
    {
      answered: (answer) => {
        const range = answer.headers['content-range']?.replace('bytes ', '');
        return range === undefined
          ? answer
          : { ...answer, headers: { ...answer.headers, 'content-range': form.replace('{}', range) } };
      },
    },
  ]),
  [
    'answers a range in several parts',
    {
      answered: (answer) => {
        if (answer.status !== 206) return answer;
        const { 'content-range': range, ...headers } = answer.headers;
        const head = `--x\r\nContent-Type: application/octet-stream\r\nContent-Range: ${range ?? ''}\r\n\r\n`;
        const body = Buffer.concat([Buffer.from(head), answer.body as Buffer, Buffer.from('\r\n--x--\r\n')]);
        const type = 'multipart/byteranges; boundary=x';
        return { status: 206, headers: { ...headers, 'content-type': type, 'content-length': body.length }, body };
      },
    },
  ],
  ...[{}, { 'content-range': `bytes */${size}` }].map((headers): [string, Dialect] => [
    `answers 416 to ranges ${JSON.stringify(headers)}`,
    { instead: ({ url, headers: { range } }) => (isWeights(url) && range ? { status: 416, headers } : undefined) },
  ]),
  [
    'answers 203, for it has changed something on the way',
    {
      answered: (answer) => ({
        ...answer,
        status: answer.status === 200 && answer.body.length > 3000 ? 203 : answer.status,
      }),
    },
  ],
  [
    'redirects within itself, by 307 and 308, with a query',
    {
      instead: ({ url = '' }) =>
        url.includes('/resolve/') && !url.includes('?')
          ? {
              status: url.length % 2 ? 307 : 308,
              headers: { location: `${url.split('/').at(-1) ?? ''}?sig=a%2Fb%3D&e=1` },
            }
          : undefined,
    },
  ],
  [
    'forbids HEAD, and has no API',
    {
      ...bare(() => ({})),
      instead: ({ url, method }) => (isApi(url) ? { status: 404 } : method === 'HEAD' ? { status: 405 } : undefined),
      answered: (answer) => answer,
    },
  ],
  [
    'tells sizes in the answers for a range alone',
    {
      ...bare(() => ({})),
      answered: (answer, { method }) => {
        const { 'content-length': length, 'x-linked-size': _, ...headers } = answer.headers;
        return method === 'HEAD'
          ? { ...answer, headers: { ...headers, 'transfer-encoding': 'chunked' } }
          : { ...answer, headers: { ...headers, 'content-length': length ?? '' } };
      },
    },
  ],
  ['tells SHA-1 in its etags alone', bare((url) => ({ etag: `"${sha1(bytesOf(url))}"` }))],
  [
    'tells SHA-1 by X-Checksum-Sha1',
    bare((url) => ({ etag: '"1-2"', 'x-checksum-sha1': sha1(bytesOf(url)).toUpperCase() })),
  ],
  ['tells SHA-1 as Nexus does', bare((url) => ({ etag: `"{SHA1{${sha1(bytesOf(url))}}}"` }))],
  [
    'tells SHA-256 by Repr-Digest',
    bare((url) => ({
      etag: undefined,
      'repr-digest': `sha-512=:AAAA:, sha-256=:${createHash('sha256').update(bytesOf(url)).digest('base64')}:`,
    })),
  ],
];

describe('a hub that', () => {
  it.each(works)('%s works', async (_, dialect) => {
    const box = await through(dialect);
    expect(await box.run('downloadModel', request)).toMatchObject({ files: 3 });
    expect(await box.isRight()).toBe(true);
  });
});

const lies: [string, (answer: Required<DialectAnswer>) => DialectAnswer][] = [
  ['sends other bytes', (answer) => ({ ...answer, body: Buffer.alloc(answer.body.length, 7) })],
];

describe('bytes that are not those of the hash that a header tells', () => {
  it.each(lies)('are refused where a proxy %s', async (_, answered) => {
    const told = bare((url) => ({ etag: `"${sha1(bytesOf(url))}"` }));
    const box = await through({
      ...told,
      answered: (answer, incoming, count) => {
        const one = told.answered?.(answer, incoming, count) ?? answer;
        return incoming.method === 'GET' && isWeights(incoming.url) ? answered(one as Required<DialectAnswer>) : one;
      },
    });
    await expect(box.run('downloadModel', request)).rejects.toMatchObject({
      type: 'IntegrityError',
      nonRetryable: true,
    });
  });
});

describe('files of which no hash can be had', () => {
  const untold = bare(() => ({ etag: '"65b9-1388"' }));

  it('are in the manifest as unverified, with the reason', async () => {
    const box = await through(untold);
    await box.run('downloadModel', request);
    expect(await box.isRight()).toBe(true);
    const manifest = JSON.parse(await readFile(join(box.bundle, 'manifest.json'), 'utf8')) as {
      files: Record<string, { unverified?: string; etag?: string }>;
    };
    const file = manifest.files[weightsPath];
    expect(file?.unverified).toMatch(/^127\.0\.0\.1:\d+ tells no hash of it: its ETag "65b9-1388" is none$/);
    expect(file?.etag).toBeUndefined();
    const before = box.proxy.seen.length;
    expect(await box.run('downloadModel', request)).toMatchObject({ bytesFetched: 0 });
    expect(box.proxy.seen.slice(before).filter((line) => line.startsWith('GET /demo'))).toEqual([]);
  });

  it('are verified once the hub tells their hashes', async () => {
    const box = await through(untold);
    await box.run('downloadModel', request);
    const again = workerOn(box.folder, box.hub);
    expect(await again.run('downloadModel', request)).toMatchObject({ bytesFetched: 0 });
    expect(await readFile(join(box.bundle, 'manifest.json'), 'utf8')).not.toContain('unverified');
  });

  it('are refused before their first byte where the operator forbids them', async () => {
    const box = await through(untold, { refuseUnverified: true });
    await expect(box.run('downloadModel', request)).rejects.toMatchObject({
      type: 'IntegrityError',
      nonRetryable: true,
      message: expect.stringMatching(/can't be verified: .* \(MODEL_JOBS_UNVERIFIED is refuse\)/) as string,
    });
    expect(box.proxy.seen.filter((line) => line.startsWith('GET /demo'))).toEqual([]);
  });

  it('are refused also where an earlier job has brought them', async () => {
    const box = await through(untold);
    await box.run('downloadModel', request);
    const strict = workerOn(box.folder, box.proxy, { refuseUnverified: true });
    await expect(strict.run('materializeBundle', request)).rejects.toMatchObject({ type: 'IntegrityError' });
  });
});
