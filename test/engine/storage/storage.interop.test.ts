import { createHash, randomBytes } from 'node:crypto';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFile, openFolder, type ReadOptions, type StorageFolder } from '../../../engine/storage/index.js';
import { parseS3 } from '../../../engine/storage/s3/location.js';
import { copyObject } from '../../../engine/storage/s3/copy.js';
import { temporaryFolder } from '../../helpers/activity.js';
import { startS3Server, type S3Server } from '../../helpers/s3.js';

let server: S3Server | undefined;
let folders = 0;

beforeAll(async () => {
  server = await startS3Server();
  await server?.bucket('bucket');
}, 20 * 60_000);

afterAll(() => server?.stop());

const kinds = ['disk', 'S3'] as const;

describe.each(kinds)('a folder on %s', (kind) => {
  async function folderOf(skip: () => void): Promise<StorageFolder> {
    if (kind === 'disk') return openFolder(join(await temporaryFolder(), 'folder'));
    if (!server) skip();
    return openFolder(`s3://bucket/jobs-${folders++}`);
  }

  it('gives back what was written, with its size and hash', async ({ skip }) => {
    const folder = await folderOf(skip);
    const bytes = randomBytes(100_000);
    const stored = await folder.write('a/b.bin', [bytes.subarray(0, 70_000), bytes.subarray(70_000)]);
    expect(stored).toEqual({
      uri: folder.uriOf('a/b.bin'),
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect((await all(folder, 'a/b.bin')).equals(bytes)).toBe(true);
    expect(await folder.stat('a/b.bin')).toEqual({ sizeBytes: bytes.length });
  });

  it('reads ranges, to their last byte and no further', async ({ skip }) => {
    const folder = await folderOf(skip);
    await folder.write('x', [Buffer.from('0123456789')]);
    const read = async (options: ReadOptions): Promise<string> => (await all(folder, 'x', options)).toString();
    expect(await read({ start: 3, end: 7 })).toBe('3456');
    expect(await read({ start: 8 })).toBe('89');
    expect(await read({ start: 4, end: 4 })).toBe('');
    expect(await read({ start: 5, end: 500 })).toBe('56789');
  });

  it('holds files of no byte', async ({ skip }) => {
    const folder = await folderOf(skip);
    expect(await folder.write('empty', [])).toMatchObject({ sizeBytes: 0 });
    expect((await all(folder, 'empty')).length).toBe(0);
    expect(await folder.stat('empty')).toEqual({ sizeBytes: 0 });
  });

  it('moves large files here, whole, and reads them again', async ({ skip }) => {
    const folder = await folderOf(skip);
    const path = join(await temporaryFolder(), 'large');
    const bytes = randomBytes(40 << 20);
    await writeFile(path, bytes);
    expect(await folder.publish(path, 'deep/large')).toEqual({
      uri: folder.uriOf('deep/large'),
      sizeBytes: bytes.length,
    });
    expect(existsSync(path)).toBe(false);
    expect((await all(folder, 'deep/large')).equals(bytes)).toBe(true);
    const middle = await all(folder, 'deep/large', { start: 5 << 20, end: 30 << 20 });
    expect(middle.equals(bytes.subarray(5 << 20, 30 << 20))).toBe(true);
  });

  it('lists by prefix, and forgets what is removed', async ({ skip }) => {
    const folder = await folderOf(skip);
    for (const name of ['shards/1', 'shards/2', 'shards/deep/3', 'other']) await folder.write(name, [Buffer.from('x')]);
    await folder.remove('shards/2');
    await folder.remove('shards/never-there');
    expect(await names(folder, 'shards/')).toEqual(['shards/1', 'shards/deep/3']);
    expect(await names(folder, '')).toEqual(['other', 'shards/1', 'shards/deep/3']);
    expect(await names(folder, 'nothing/')).toEqual([]);
  });

  it('lets a name lead to one file after another, and keeps them all', async ({ skip }) => {
    const folder = await folderOf(skip);
    const textOf = async (name: string): Promise<string> => (await all(folder, name)).toString();
    for (const run of ['run-1', 'run-2']) {
      await folder.write(`${run}/x y+é`, [Buffer.from(run)]);
      await folder.link('x y+é', `${run}/x y+é`);
      expect(await textOf('x y+é')).toBe(run);
    }
    await folder.unlink('x y+é');
    await folder.unlink('never-there');
    expect(await folder.stat('x y+é')).toBeUndefined();
    expect([await textOf('run-1/x y+é'), await textOf('run-2/x y+é')]).toEqual(['run-1', 'run-2']);
  });

  it('moves a file aside that stands where a name is to lead elsewhere', async ({ skip }) => {
    const folder = await folderOf(skip);
    await folder.write('run-1/x', [Buffer.from('new')]);
    for (const name of ['x', 'y']) await folder.write(name, [Buffer.from(`old ${name}`)]);
    await folder.link('x', 'run-1/x');
    await folder.unlink('y');
    await folder.link('x', 'run-1/x');
    const earlier = (await names(folder, '')).filter((name) => /^earlier-\d+\/[xy]$/.test(name));
    expect(await Promise.all(earlier.map(async (name) => (await all(folder, name)).toString()))).toEqual(
      expect.arrayContaining(['old x', 'old y']),
    );
    expect(earlier).toHaveLength(2);
    expect((await all(folder, 'x')).toString()).toBe('new');
  });

  it('says what is not there', async ({ skip }) => {
    const folder = await folderOf(skip);
    expect(await folder.stat('nothing')).toBeUndefined();
    await expect(all(folder, 'nothing')).rejects.toMatchObject({ code: 'NotFound', retryable: false });
  });

  it('leaves nothing of a file whose bytes fail on the way', async ({ skip }) => {
    const folder = await folderOf(skip);
    await folder.write('x', [Buffer.from('before')]);
    async function* broken(): AsyncGenerator<Buffer> {
      yield randomBytes(20 << 20);
      await Promise.reject(new Error('the source broke off'));
    }
    await expect(folder.write('x', broken())).rejects.toThrow('the source broke off');
    expect(await names(folder, '')).toEqual(['x']);
    expect((await all(folder, 'x')).toString()).toBe('before');
  });

  it('stops when it is told to', async ({ skip }) => {
    const folder = await folderOf(skip);
    const stop = new AbortController();
    async function* endless(): AsyncGenerator<Buffer> {
      for (let piece = 0; ; piece++) {
        if (piece === 30) stop.abort(new Error('enough'));
        yield randomBytes(1 << 20);
        await new Promise(setImmediate);
      }
    }
    await expect(folder.write('x', endless(), stop.signal)).rejects.toThrow('enough');
    expect(await names(folder, '')).toEqual([]);
    await expect(all(folder, 'x', { signal: stop.signal })).rejects.toThrow();
  });
});

describe('a folder on a disk', () => {
  it('leaves no temporary file', async () => {
    const folder = openFolder(await temporaryFolder());
    await folder.write('x', [Buffer.from('x')]);
    expect(await readdir(folder.location)).toEqual(['x']);
    expect(await readFile(join(folder.location, 'x'), 'utf8')).toBe('x');
  });
});

describe('a folder on S3', () => {
  it('copies a large object in parts, on the side of the server', async ({ skip }) => {
    if (!server) skip();
    const folder = openFolder(`s3://bucket/jobs-${folders++}`);
    const bytes = randomBytes(12 << 20);
    await folder.write('from', [bytes]);
    const at = (name: string) => parseS3(folder.uriOf(name), 'name');
    const limits = { wholeBytes: 10 << 20, partBytes: 5 << 20 };
    await copyObject(at('from'), at('to'), { sizeBytes: bytes.length, metadata: {}, limits });
    expect((await all(folder, 'to')).equals(bytes)).toBe(true);
  });

  it('says that a bucket is not there', async ({ skip }) => {
    if (!server) skip();
    const folder = openFolder('s3://no-such-bucket/x');
    await expect(folder.write('x', [Buffer.from('x')])).rejects.toMatchObject({
      code: 'NotFound',
      message: expect.stringContaining('s3://no-such-bucket/x/x') as string,
    });
    await expect(names(folder, '')).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('says that keys are refused, without showing them', async ({ skip }) => {
    if (!server) skip();
    // Another spelling of the address: the client of the right keys is kept by it.
    const endpoint = `${server!.endpoint}/`;
    const keys = { AWS_SECRET_ACCESS_KEY: 'wrong-secret' };
    await withEndpoint({ ...keys, AWS_ENDPOINT_URL_S3: endpoint }, async () => {
      const failure: unknown = await all(openFolder('s3://bucket/x'), 'x').catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'PermissionDenied', retryable: false });
      expect(String(failure)).not.toContain('wrong-secret');
    });
  });

  it('may pass when the server can not be reached', async ({ skip }) => {
    if (!server) skip();
    await withEndpoint({ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' }, async () => {
      await expect(openFolder('s3://bucket/x').stat('x')).rejects.toMatchObject({ code: 'Io', retryable: true });
    });
  });

  it('goes on when an answer breaks off', async ({ skip }) => {
    if (!server) skip();
    const bytes = randomBytes(20 << 20);
    await openFolder('s3://bucket/faulty').write('x', [bytes]);
    const proxy = await cuttingProxy(new URL(server!.endpoint), 3 << 20);
    try {
      await withEndpoint({ AWS_ENDPOINT_URL_S3: proxy.endpoint }, async () => {
        expect((await all(openFolder('s3://bucket/faulty'), 'x')).equals(bytes)).toBe(true);
      });
      expect(proxy.cuts()).toBe(2);
    } finally {
      await proxy.close();
    }
  });

  it('reads one version of an object or none', async ({ skip }) => {
    if (!server) skip();
    const folder = openFolder('s3://bucket/versions');
    await folder.write('x', [randomBytes(30 << 20)]);
    const reading = folder.read('x');
    await reading.next();
    await folder.write('x', [randomBytes(30 << 20)]);
    await expect(drain(reading)).rejects.toMatchObject({ code: 'IntegrityError' });
  });

  it('is found by a file’s own URI', async ({ skip }) => {
    if (!server) skip();
    await openFolder('s3://bucket/own').write('a/x.jsonl', [Buffer.from('x')]);
    const { folder, name } = openFile('s3://bucket/own/a/x.jsonl');
    expect((await all(folder, name)).toString()).toBe('x');
  });
});

async function all(folder: StorageFolder, name: string, options?: ReadOptions): Promise<Buffer> {
  return drain(folder.read(name, options));
}

async function drain(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function names(folder: StorageFolder, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of folder.list(prefix)) found.push(name);
  return found.sort();
}

async function withEndpoint(env: Record<string, string>, work: () => Promise<void>): Promise<void> {
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    await work();
  } finally {
    Object.assign(process.env, before);
  }
}

/** Passes connections on, and cuts off the first two answers that grow longer than `bytes`. */
async function cuttingProxy(target: URL, bytes: number) {
  let cuts = 0;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let passed = 0;
    client.pipe(upstream);
    upstream.on('data', (data: Buffer) => {
      passed += data.length;
      client.write(data);
      if (passed < bytes || cuts >= 2) return;
      cuts += 1;
      client.destroy();
      upstream.destroy();
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
