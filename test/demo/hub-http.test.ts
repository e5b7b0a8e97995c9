import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf, failureOf, files, folderOf, hubWith, lfsOid, repo, weights } from './hub-fixture.js';

describe('files of the hub over plain HTTP', () => {
  it('sends a file with its commit, ETag, length and name', async () => {
    const hub = await hubWith();
    for (const method of ['HEAD', 'GET']) {
      const answer = await fetch(`${hub.url}/${repo}/resolve/main/config.json`, { method });
      expect(answer.status).toBe(200);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'x-repo-commit': await hub.commit(repo),
        etag: '"8d35859fade8c70daf16e378df412f34e6118caa"',
        'content-length': String(files['config.json']!.length),
        'accept-ranges': 'bytes',
        'content-disposition': `inline; filename*=UTF-8''config.json; filename="config.json";`,
      });
      expect(await bytesOf(answer)).toEqual(method === 'HEAD' ? Buffer.from('') : files['config.json']);
    }
  });

  it('redirects a file in LFS to a signed link on another origin', async () => {
    const hub = await hubWith();
    const answer = await fetch(`${hub.url}/${repo}/resolve/main/onnx/model.onnx`, {
      method: 'HEAD',
      redirect: 'manual',
    });
    expect(answer.status).toBe(302);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-repo-commit': await hub.commit(repo),
      'x-linked-etag': `"${lfsOid}"`,
      'x-linked-size': String(weights.length),
    });
    const link = answer.headers.get('location')!;
    expect(new URL(link).origin).toBe(hub.cdnUrl);
    expect((await bytesOf(await fetch(link))).equals(weights)).toBe(true);
  });

  it('refuses links that expired, were changed, or come with other credentials', async () => {
    const hub = await hubWith({ linkLifetimeMs: 1500 });
    const { url } = await fetch(`${hub.url}/${repo}/resolve/main/onnx/model.onnx`, { method: 'HEAD' });
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url.replace('model.onnx?', 'other.onnx?'))).status).toBe(403);
    expect((await fetch(url, { headers: { Authorization: 'Bearer hf_x' } })).status).toBe(400);
    await new Promise((resolve) => setTimeout(resolve, 1600));
    expect((await fetch(url)).status).toBe(403);
  });

  it('sends files in LFS itself where redirects are off', async () => {
    const hub = await hubWith({ redirectLfs: false });
    const answer = await fetch(`${hub.url}/${repo}/resolve/main/onnx/model.onnx`, { redirect: 'error' });
    expect(answer.headers.get('etag')).toBe(`"${lfsOid}"`);
    expect((await bytesOf(answer)).equals(weights)).toBe(true);
  });

  it('redirects other files within the hub where that is on', async () => {
    const hub = await hubWith({ redirectRegular: true });
    const url = `${hub.url}/${repo}/resolve/main/sub%20folder/100%25%20sure%20%231%3F.txt`;
    const answer = await fetch(url, { redirect: 'manual' });
    expect(answer.status).toBe(307);
    expect(answer.headers.get('location')).toMatch(/^\/api\/resolve-cache\/models\/demo\/tiny\/[0-9a-f]{40}\//);
    expect(await (await fetch(url)).text()).toBe('percent\n');
  });

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=5-', 5, weights.length],
    ['bytes=100-299', 100, 300],
    ['bytes=-7', weights.length - 7, weights.length],
    [`bytes=10-${weights.length + 99}`, 10, weights.length],
  ])('answers the range %s', async (range, start, end) => {
    const hub = await hubWith();
    const answer = await fetch(`${hub.url}/${repo}/resolve/main/onnx/model.onnx`, { headers: { Range: range } });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${weights.length}`);
    expect((await bytesOf(answer)).equals(weights.subarray(start, end))).toBe(true);
  });

  it('answers 416 to a range behind the end', async () => {
    const hub = await hubWith();
    const headers = { Range: 'bytes=1000-' };
    const answer = await fetch(`${hub.url}/${repo}/resolve/main/config.json`, { headers });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */28']);
  });

  it('sends the whole file where the range is malformed or If-Range names another ETag', async () => {
    const hub = await hubWith();
    const url = `${hub.url}/${repo}/resolve/main/config.json`;
    const etag = (await fetch(url)).headers.get('etag')!;
    const statusFor = async (headers: Record<string, string>) => (await fetch(url, { headers })).status;
    expect(await statusFor({ Range: 'lines=1-2' })).toBe(200);
    expect(await statusFor({ Range: 'bytes=2-3', 'If-Range': '"other"' })).toBe(200);
    expect(await statusFor({ Range: 'bytes=2-3', 'If-Range': etag })).toBe(206);
  });

  it.each([
    ['api/models/no/such', 404, 'RepoNotFound'],
    ['no/such/resolve/main/config.json', 404, 'RepoNotFound'],
    ['constructor', 404, null],
    [`api/models/${repo}/revision/nope`, 404, 'RevisionNotFound'],
    [`${repo}/resolve/nope/config.json`, 404, 'RevisionNotFound'],
    [`${repo}/resolve/${'0'.repeat(40)}/config.json`, 404, 'RevisionNotFound'],
    [`api/models/${repo}/tree/main/nope`, 404, 'EntryNotFound'],
    [`${repo}/resolve/main/nope.txt`, 404, 'EntryNotFound'],
    [`${repo}/resolve/main/onnx`, 404, 'EntryNotFound'],
    [`${repo}/resolve/main/..%2F..%2Fetc%2Fpasswd`, 404, 'EntryNotFound'],
    [`${repo}/resolve/main/100%zz`, 400, null],
    ['api/models/demo%2Ftiny', 400, null],
    [`api/models/${repo}/tree/main?cursor=abc`, 400, null],
    [`cdn/demo%2Ftiny/main/onnx/model.onnx`, 404, null],
  ])('answers %s with %d %s', async (path, status, code) => {
    const hub = await hubWith();
    const answer = await fetch(`${hub.url}/${path}`);
    expect([answer.status, answer.headers.get('x-error-code')]).toEqual([status, code]);
    expect(await answer.json()).toEqual({ error: answer.headers.get('x-error-message') });
  });

  it('tells about paths that are asked for by a form, as Python does', async () => {
    const hub = await hubWith();
    const body = new URLSearchParams([
      ['paths', 'config.json'],
      ['paths', 'onnx'],
      ['expand', 'false'],
    ]);
    const answer = await fetch(`${hub.url}/api/models/${repo}/paths-info/main`, { method: 'POST', body });
    expect(await answer.json()).toMatchObject([{ path: 'config.json' }, { path: 'onnx' }]);
  });

  it('refuses methods and bodies that it does not know', async () => {
    const hub = await hubWith();
    const url = `${hub.url}/api/models/${repo}/paths-info/main`;
    expect((await fetch(url)).status).toBe(405);
    const headers = { 'Content-Type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body: '{' })).status).toBe(400);
    expect((await fetch(url, { method: 'POST', headers, body: '{"paths":1}' })).status).toBe(400);
  });

  it('names the commit of a repo that lacks the file', async () => {
    const hub = await hubWith();
    const answer = await fetch(`${hub.url}/${repo}/resolve/main/nope.txt`, { method: 'HEAD' });
    expect(answer.headers.get('x-repo-commit')).toBe(await hub.commit(repo));
  });

  it('wants its token where it has one', async () => {
    const hub = await hubWith({ token: 'secret' });
    const url = `${hub.url}/${repo}/resolve/main/onnx/model.onnx`;
    const statusFor = async (headers: Record<string, string>) => (await fetch(url, { headers })).status;
    expect(await statusFor({})).toBe(401);
    expect(await statusFor({ Authorization: 'Bearer other' })).toBe(401);
    expect(await statusFor({ Authorization: 'Bearer secret' })).toBe(200);
  });

  it('keeps gated files from those without access, but not the listing', async () => {
    const hub = await hubWith({ repos: { [repo]: { folder: await folderOf(files), gated: ['member'] } } });
    const ask = async (path: string, token?: string) => {
      const answer = await fetch(`${hub.url}/${path}`, token ? { headers: { Authorization: `Bearer ${token}` } } : {});
      return [answer.status, answer.headers.get('x-error-code')];
    };
    expect(await ask(`${repo}/resolve/main/config.json`)).toEqual([401, 'GatedRepo']);
    expect(await ask(`${repo}/resolve/main/config.json`, 'guest')).toEqual([403, 'GatedRepo']);
    expect(await ask(`${repo}/resolve/main/config.json`, 'member')).toEqual([200, null]);
    expect(await ask(`api/models/${repo}/tree/main`)).toEqual([200, null]);
  });

  it('hides private repos, with 401 for anonymous callers if told so', async () => {
    const repos = { [repo]: { folder: await folderOf(files), private: ['member'] } };
    const hub = await hubWith({ repos, missingRepoStatus: 401 });
    const ask = async (headers: Record<string, string>) => {
      const answer = await fetch(`${hub.url}/api/models/${repo}`, { headers });
      return [answer.status, answer.headers.get('x-error-code')];
    };
    expect(await ask({})).toEqual([401, 'RepoNotFound']);
    expect(await ask({ Authorization: 'Bearer guest' })).toEqual([404, 'RepoNotFound']);
    expect(await ask({ Authorization: 'Bearer member' })).toEqual([200, null]);
  });

  it('counts requests and bytes until it is told to start again', async () => {
    const hub = await hubWith();
    const url = `${hub.url}/${repo}/resolve/main/onnx/model.onnx`;
    await bytesOf(await fetch(url));
    await bytesOf(await fetch(url, { headers: { Range: 'bytes=0-99' } }));
    expect(hub.stats.requests).toEqual({ 'GET resolve': 2, 'GET cdn': 2 });
    expect(hub.stats.bytes).toEqual({ [`${repo}/onnx/model.onnx`]: weights.length + 100 });
    hub.resetStats();
    expect(hub.stats).toEqual({ requests: {}, bytes: {}, connections: 0 });
  });

  it('sends no faster than it may, and waits before each answer', async () => {
    const hub = await hubWith({ bytesPerSecond: 1_000_000, firstByteDelayMs: 100 });
    const startedAt = performance.now();
    const answer = await fetch(`${hub.url}/${repo}/resolve/main/onnx/model.onnx`);
    const firstByteMs = performance.now() - startedAt;
    await bytesOf(answer);
    const bodyMs = performance.now() - startedAt - firstByteMs;
    expect(firstByteMs).toBeGreaterThan(190);
    expect(bodyMs).toBeGreaterThan(600);
    expect(bodyMs).toBeLessThan(5000);
  });

  it('serves links to files and leaves out the .git folder', async () => {
    const folder = await folderOf({ 'blobs/abc': 'content', '.git/HEAD': 'ref: refs/heads/main' });
    await mkdir(join(folder, 'snapshot'));
    await symlink('../blobs/abc', join(folder, 'snapshot/file.txt'));
    const hub = await hubWith({ repos: { [repo]: { folder } } });
    expect(await (await fetch(`${hub.url}/${repo}/resolve/main/snapshot/file.txt`)).text()).toBe('content');
    expect((await fetch(`${hub.url}/${repo}/resolve/main/.git/HEAD`)).status).toBe(404);
  });

  it('sends parts of a file of gigabytes without reading the rest', async () => {
    const folder = await folderOf({ 'config.json': '{}' });
    await writeFile(join(folder, 'large.bin'), '');
    await truncate(join(folder, 'large.bin'), 300_000_000);
    const hub = await hubWith({ repos: { [repo]: { folder } } });
    const before = process.memoryUsage().rss;
    const answer = await fetch(`${hub.url}/${repo}/resolve/main/large.bin`, { headers: { Range: 'bytes=299999990-' } });
    expect((await bytesOf(answer)).length).toBe(10);
    expect(hub.stats.bytes).toEqual({ [`${repo}/large.bin`]: 10 });
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  it('breaks off rather than send what it did not hash', async () => {
    const folder = await folderOf({ 'config.json': 'before' });
    const hub = await hubWith({ repos: { [repo]: { folder } } });
    await hub.commit(repo);
    await writeFile(join(folder, 'config.json'), 'after!');
    expect(await failureOf(fetch(`${hub.url}/${repo}/resolve/main/config.json`).then(bytesOf))).toBe('UND_ERR_SOCKET');
    hub.setRepo(repo, { folder });
    expect(await (await fetch(`${hub.url}/${repo}/resolve/main/config.json`)).text()).toBe('after!');
  });

  it('refuses to start with a folder that is not there', async () => {
    await expect(hubWith({ repos: { 'a/b': { folder: '/no/such/folder' } } })).rejects.toThrow(
      'invalid argument: repo "a/b": "/no/such/folder" is not a folder; give one that exists',
    );
  });
});
