import { lstat, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledFailure } from '@temporalio/activity';
import { describe, expect, it } from 'vitest';
import { noise, requestOf, transferBox } from '../../helpers/transfer.js';

const weights = noise(3_000_000);
const files = { 'config.json': '{"a":1}', 'vocab.txt': 'a\nb\n', 'onnx/model.onnx': weights };
const all = [{ required: 'config.json' }, { optional: 'vocab.txt' }, { required: 'onnx/model.onnx' }];
const weightsPath = 'demo/model/onnx/model.onnx';

describe('a download', () => {
  it('leaves a cache that the other Hugging Face tools read', async () => {
    const { run, cache, hub } = await transferBox(files);
    const facts = await run('downloadModel', requestOf(all));
    const commit = await hub.commit('demo/model');
    expect(facts.commit).toBe(commit);
    expect(await readFile(join(cache, 'refs/main'), 'utf8')).toBe(commit);
    const link = join(cache, 'snapshots', commit, 'onnx/model.onnx');
    expect(await readlink(link)).toMatch(/^\.\.\/\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/);
    expect((await readFile(link)).equals(weights)).toBe(true);
    expect(await readdir(join(cache, 'blobs'))).toHaveLength(3);
  });

  it('makes a bundle whose manifest lists every file with its size and hash', async () => {
    const { run, bundle } = await transferBox(files);
    const facts = await run('downloadModel', requestOf(all));
    expect(facts).toMatchObject({
      bundleRoot: bundle,
      files: 3,
      bytesTotal: 3_000_011,
      bytesFetched: 3_000_011,
      bytesReused: 0,
    });
    const manifest = JSON.parse(await readFile(facts.manifestPath, 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      schema_version: 1,
      name: 'demo/model',
      repo_id: 'demo/model',
      revision: 'main',
      task: 'text_classification',
      files: {
        'config.json': { remote_path: 'config.json', local_path: 'files/config.json', size_bytes: 7 },
        'onnx/model.onnx': { size_bytes: 3_000_000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      },
    });
    expect(facts.artifacts.map(({ id, kind }) => [id, kind])).toEqual([
      ['model:config.json', 'json'],
      ['model:vocab.txt', 'text'],
      ['model:onnx_model.onnx', 'binary'],
      ['manifest', 'json'],
    ]);
  });

  it.each(['text_classification', { custom: 'ours' }])(
    'of what is all here asks the hub once (task %j)',
    async (task) => {
      const { run, hub, cache } = await transferBox(files);
      const request = requestOf(all, { spec: { ...requestOf(all).spec, task } });
      const first = await run('downloadModel', request);
      hub.resetStats();
      const again = await run('downloadModel', request);
      expect(hub.stats.requests).toEqual({ 'GET model-info': 1 });
      expect(again).toEqual({ ...first, bytesFetched: 0, bytesReused: 3_000_011 });
      await rm(join(cache, 'snapshots', first.commit ?? '', 'vocab.txt'));
      expect(await run('downloadModel', request)).toEqual(again);
      expect(await readFile(join(cache, 'snapshots', first.commit ?? '', 'vocab.txt'), 'utf8')).toBe('a\nb\n');
    },
  );

  it('reports bytes that only grow', async () => {
    const { run } = await transferBox(files);
    const running = run('downloadModel', requestOf(all));
    await running;
    const fetched = running.progress.filter(({ message }) => message?.startsWith('fetching'));
    expect(fetched.at(-1)).toMatchObject({ completed: 3_000_011, total: 3_000_011, unit: 'bytes' });
    const counts = fetched.map(({ completed }) => completed);
    expect(counts).toEqual([...counts].sort((left, right) => left - right));
  });

  it('fetches nothing when all is there', async () => {
    const { run, hub } = await transferBox(files);
    await run('downloadModel', requestOf(all));
    hub.resetStats();
    expect(await run('downloadModel', requestOf(all))).toMatchObject({ bytesFetched: 0, bytesReused: 3_000_011 });
    expect(hub.stats.bytes).toEqual({});
  });

  it('takes the first alternative that the hub has, and goes without what is optional', async () => {
    const { run } = await transferBox({ 'a.bin': 'a', 'b.bin': 'b' });
    const facts = await run(
      'downloadModel',
      requestOf([{ first_available: ['no.bin', 'b.bin', 'a.bin'] }, { optional: 'none.txt' }]),
    );
    expect(facts.artifacts.map(({ id }) => id)).toEqual(['model:b.bin', 'manifest']);
  });

  it('names the file, the repository or the revision that is missing', async () => {
    const { run } = await transferBox(files);
    await expect(run('downloadModel', requestOf([{ required: 'none.bin' }]))).rejects.toMatchObject({
      type: 'NotFound',
      message: 'file `none.bin` is not in demo/model at main',
      nonRetryable: true,
    });
    const source = { kind: 'hugging_face', repo_id: 'demo/other', revision: 'main' };
    await expect(
      run('downloadModel', requestOf(all, { spec: { ...requestOf(all).spec, source } })),
    ).rejects.toMatchObject({
      type: 'NotFound',
      message: expect.stringContaining('repository does not exist') as string,
    });
    const nowhere = { ...source, repo_id: 'demo/model', revision: 'v9' };
    await expect(
      run('downloadModel', requestOf(all, { spec: { ...requestOf(all).spec, source: nowhere } })),
    ).rejects.toMatchObject({ type: 'NotFound', message: expect.stringContaining('no such revision') as string });
  });

  it('takes names with spaces, unicode and percent signs', async () => {
    const names = ['a b.txt', 'ünï/コード.json', '100%25.txt'];
    const { run } = await transferBox(Object.fromEntries(names.map((name) => [name, name])));
    const facts = await run('downloadModel', requestOf(names.map((required) => ({ required }))));
    for (const name of names) expect(await readFile(join(facts.bundleRoot, 'files', name), 'utf8')).toBe(name);
  });

  it('asks for nothing when the hub is off limits, and works from the cache', async () => {
    const { run, hub, config } = await transferBox(files);
    await run('downloadModel', requestOf(all));
    hub.resetStats();
    config.hub.offline = true;
    expect(await run('downloadModel', requestOf(all))).toMatchObject({ bytesFetched: 0 });
    await expect(run('downloadModel', requestOf([{ required: 'other' }]))).rejects.toMatchObject({
      message: expect.stringContaining('HF_HUB_OFFLINE') as string,
    });
    expect(hub.stats.requests).toEqual({});
  });
});

describe('a download that is interrupted', () => {
  it('stops within seconds when it is cancelled, and then goes on where it stopped', async () => {
    const { run, hub, cache } = await transferBox(files, { bytesPerSecond: 1_000_000 });
    const running = run('downloadModel', requestOf(all));
    await sleep(1200);
    const cancelledAt = Date.now();
    running.cancel();
    await expect(running).rejects.toBeInstanceOf(CancelledFailure);
    expect(Date.now() - cancelledAt).toBeLessThan(1000);
    // The next attempt brings the commit, and asks for no revision.
    expect(await readFile(join(cache, 'refs/main'), 'utf8')).toBe(await hub.commit('demo/model'));
    const names = await readdir(join(cache, 'blobs'));
    const journal = names.find((name) => name.endsWith('.journal'))!;
    const { parts } = JSON.parse(await readFile(join(cache, 'blobs', journal), 'utf8')) as { parts: number[][] };
    const size = parts.reduce((sum, [start, end]) => sum + end! - start!, 0);
    expect(size).toBeGreaterThan(100_000);

    hub.resetStats();
    const facts = await run('downloadModel', requestOf(all));
    expect(facts.bytesFetched).toBe(3_000_000 - size);
    expect(hub.stats.bytes[weightsPath]).toBe(3_000_000 - size);
    expect((await readFile(join(facts.bundleRoot, 'files/onnx/model.onnx'))).equals(weights)).toBe(true);
  });

  it('goes on by itself after connections that break off', async () => {
    const { run, hub } = await transferBox(files, {
      faults: ({ kind, attempt }) =>
        kind === 'cdn' && attempt <= 3 ? { kind: 'reset', afterBytes: 500_000 } : undefined,
    });
    const facts = await run('downloadModel', requestOf(all));
    expect(facts.bytesFetched).toBe(3_000_011);
    expect(hub.stats.bytes[weightsPath]).toBeLessThan(4_500_000);
  });

  it('waits as long as a busy hub asks', async () => {
    const { run } = await transferBox(files, {
      faults: ({ kind, attempt }) =>
        kind === 'resolve' && attempt === 1
          ? { kind: 'status', status: 429, headers: { 'retry-after': '1' } }
          : undefined,
    });
    const startedAt = Date.now();
    await run('downloadModel', requestOf(all));
    expect(Date.now() - startedAt).toBeGreaterThan(950);
  });
});

describe('a hub that sends wrong bytes', () => {
  it('is caught, and nothing is published', async () => {
    const { run, cache, bundle } = await transferBox(files, {
      faults: ({ kind }) => (kind === 'cdn' ? { kind: 'flip', offset: 1000 } : undefined),
    });
    await expect(run('downloadModel', requestOf(all))).rejects.toMatchObject({
      type: 'IntegrityError',
      nonRetryable: true,
      message: expect.stringContaining('onnx/model.onnx') as string,
    });
    const names = await readdir(join(cache, 'blobs'));
    expect(names.filter((name) => /^[0-9a-f]{64}/.test(name))).toEqual([]);
    await expect(stat(bundle)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is forgiven once', async () => {
    const { run } = await transferBox(files, {
      faults: ({ kind, attempt }) => (kind === 'cdn' && attempt === 1 ? { kind: 'flip', offset: 1000 } : undefined),
    });
    const facts = await run('downloadModel', requestOf(all));
    expect((await readFile(join(facts.bundleRoot, 'files/onnx/model.onnx'))).equals(weights)).toBe(true);
  });
});

describe('two downloads at once', () => {
  it('fetch each byte once, in one process', async () => {
    const { run, hub } = await transferBox(files, { bytesPerSecond: 3_000_000 });
    await Promise.all([run('downloadModel', requestOf(all)), run('downloadModel', requestOf(all))]);
    expect(hub.stats.bytes[weightsPath]).toBe(3_000_000);
  });
});

describe('a bundle', () => {
  it('shares its bytes with the cache', async () => {
    const { run, bundle } = await transferBox(files);
    await run('downloadModel', requestOf(all));
    const file = await lstat(join(bundle, 'files/onnx/model.onnx'));
    expect(file.isFile()).toBe(true);
    expect(file.nlink).toBe(2);
  });

  it('keeps what another request for the same commit put there', async () => {
    const { run } = await transferBox(files);
    await run('downloadModel', requestOf([{ required: 'config.json' }]));
    expect(await run('downloadModel', requestOf([{ required: 'vocab.txt' }]))).toMatchObject({ files: 2 });
  });

  it.each([
    ['adds nothing to another request’s', 'config.json', 'vocab.txt', ['vocab.txt']],
    ['does not stand for what a later request brings', 'config.json', 'config.json', ['config.json']],
  ])('that somebody wrote into %s', async (_, changed, asked, listed) => {
    const { run, bundle } = await transferBox(files);
    const kept = [changed, 'onnx/model.onnx'].map((required) => ({ required }));
    await run('downloadModel', requestOf(kept));
    await writeFile(join(bundle, 'files', changed), '{"a":9}');
    const { files: count } = await run('downloadModel', requestOf([{ required: asked }]));
    expect(count).toBe(listed.length);
    expect(await readdir(join(bundle, 'files'))).toEqual(listed);
    const content = files[asked as 'config.json'];
    expect(await readFile(join(bundle, 'files', asked), 'utf8')).toBe(content);
  });

  it('follows the revision when it moves', async () => {
    const { run, repoFolder, hub } = await transferBox(files);
    await run('downloadModel', requestOf(all));
    await writeFile(join(repoFolder, 'config.json'), '{"a":2}');
    hub.setRepo('demo/model', { folder: repoFolder });
    const facts = await run('downloadModel', requestOf(all));
    expect(await readFile(join(facts.bundleRoot, 'files/config.json'), 'utf8')).toBe('{"a":2}');
    expect(facts).toMatchObject({ bytesFetched: 7, bytesReused: 3_000_004 });
  });
});
