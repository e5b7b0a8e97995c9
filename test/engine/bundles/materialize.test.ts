import { mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { materialize } from '../../../engine/bundles/materialize.js';
import { openHashRecord } from '../../../system/hashing/index.js';
import { sha256OfText } from '../../../system/hashing/sha256-of-text.js';
import { temporaryFolder } from '../../helpers/activity.js';
import { noise, requestOf, transferBox, workerOn, writeFiles } from '../../helpers/transfer.js';

const files = { 'config.json': '{"a":1}', 'vocab.txt': 'a\nb\n', 'onnx/model.onnx': noise(100_000) };
const all = Object.keys(files).map((required) => ({ required }));
const materialization = (overrides = {}) => requestOf(all, { kind: 'MaterializeBundle', ...overrides });

describe('a bundle', () => {
  it('is made from the cache without a request', async () => {
    const { run, hub, bundle } = await transferBox(files);
    await run('downloadModel', requestOf(all));
    await rm(bundle, { recursive: true });
    hub.resetStats();
    const facts = await run('materializeBundle', materialization());
    expect(facts).toMatchObject({ files: 3, bytesFetched: 0 });
    expect(hub.stats.requests).toEqual({});
    expect(await run('validateBundle', materialization())).toMatchObject({ valid: true });
  });

  it('is reused as it is, and put right where somebody wrote into it', async () => {
    const { run, bundle } = await transferBox(files);
    await run('downloadModel', requestOf(all));
    const { ino } = await stat(join(bundle, 'files'));
    await run('materializeBundle', materialization());
    expect((await stat(join(bundle, 'files'))).ino).toBe(ino);
    await rm(join(bundle, 'files/vocab.txt'));
    await writeFile(join(bundle, 'files/vocab.txt'), 'c\nd\n');
    await run('materializeBundle', materialization());
    expect(await readFile(join(bundle, 'files/vocab.txt'), 'utf8')).toBe('a\nb\n');
  });

  it.each(['materializeBundle', 'downloadModel'] as const)(
    'is made again by %s where the request says so, though its wrong bytes look as they were made',
    async (activity) => {
      const { run, bundle } = await transferBox(files);
      await run('downloadModel', requestOf(all));
      const vocabulary = join(bundle, 'files/vocab.txt');
      const { mtimeMs } = await stat(vocabulary);
      await writeFile(vocabulary, 'c\nd\n');
      await utimes(vocabulary, mtimeMs / 1000, Math.floor(mtimeMs) / 1000);
      const kind = activity === 'downloadModel' ? 'Download' : 'MaterializeBundle';
      await run(activity, materialization({ kind, options: { overwrite: true } }));
      expect(await readFile(vocabulary, 'utf8')).toBe('a\nb\n');
      // One that is right stays, with the jobs that use it.
      const { ino } = await stat(join(bundle, 'files'));
      await run(activity, materialization({ kind, options: { overwrite: true } }));
      expect((await stat(join(bundle, 'files'))).ino).toBe(ino);
    },
  );

  it('is not made of a source that changes between its check and its copy', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'config.json');
    await writeFile(path, '{"a":9}');
    const source = { remotePath: 'config.json', path, size: 7, sha256: sha256OfText('{"a":1}'), linkable: false };
    const work = { signal: new AbortController().signal, report: () => undefined };
    const making = materialize({ home: folder, files: [source], hashes: await openHashRecord() }, work);
    await expect(making).rejects.toMatchObject({ code: 'IntegrityError', retryable: true });
  });

  it('is not fetched where the request forbids it', async () => {
    const { run, hub } = await transferBox(files);
    await expect(run('materializeBundle', materialization({ options: { autoDownload: false } }))).rejects.toMatchObject(
      {
        type: 'NotFound',
        message: expect.stringMatching(/missing model bundle `demo\/model` at .* and autoDownload is false/) as string,
      },
    );
    expect(hub.stats.requests).toEqual({});
  });

  it('names for each file its size, hash, etag and commit, as the crate’s reader takes them', async () => {
    const { run, hub } = await transferBox(files);
    const { manifestPath, commit } = await run('downloadModel', requestOf(all));
    const manifest = JSON.parse(await readFile(manifestPath, 'utf8')) as { files: Record<string, object> };
    expect(commit).toBe(await hub.commit('demo/model'));
    expect(manifest.files['onnx/model.onnx']).toEqual({
      remote_path: 'onnx/model.onnx',
      local_path: 'files/onnx/model.onnx',
      size_bytes: 100_000,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      etag: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      commit,
      mtime_ms: expect.any(Number) as number,
    });
  });

  it('replaces a link that leads nowhere', async () => {
    const { run, bundle } = await transferBox(files);
    await mkdir(join(bundle, 'files'), { recursive: true });
    await symlink('/nowhere/at/all', join(bundle, 'files/vocab.txt'));
    await run('downloadModel', requestOf(all));
    expect(await readFile(join(bundle, 'files/vocab.txt'), 'utf8')).toBe('a\nb\n');
  });

  it('is never written through a link that leads out of it, nor is a folder made there', async () => {
    const { run, bundle, folder } = await transferBox(files);
    const outside = join(folder, 'outside');
    await mkdir(outside);
    await mkdir(join(bundle, 'files'), { recursive: true });
    await symlink(outside, join(bundle, 'files/onnx'));
    await expect(run('downloadModel', requestOf(all))).rejects.toMatchObject({ type: 'PermissionDenied' });
    expect(await readdir(outside)).toEqual([]);
  });

  it.each(['../escape', '/etc/passwd', 'a/../../b', 'nul\0byte', 'back\\slash'])(
    'refuses the file name %j',
    async (name) => {
      const { run } = await transferBox(files);
      await expect(async () => run('downloadModel', requestOf([{ required: name }]))).rejects.toThrow();
    },
  );

  it.each(['..', '.', '../../up', '/', 'a/b'])('of a model named %j stays in its folder', async (name) => {
    const { run, folder } = await transferBox(files);
    const request = requestOf(all);
    const { bundleRoot } = await run('downloadModel', { ...request, spec: { ...request.spec, name } });
    expect(bundleRoot.startsWith(join(folder, 'home/bundles/'))).toBe(true);
    expect(bundleRoot.slice(join(folder, 'home/bundles/').length).split('/')).toHaveLength(2);
  });

  it('may be made by any number of workers at once', async () => {
    const { folder, hub, bundle, run } = await transferBox(files);
    const workers = Array.from({ length: 4 }, () => workerOn(folder, hub));
    const requests = [...all.map((file) => requestOf([file])), requestOf(all)];
    await Promise.all(workers.flatMap((worker) => requests.map((request) => worker.run('downloadModel', request))));
    const manifest = JSON.parse(await readFile(join(bundle, 'manifest.json'), 'utf8')) as { files: object };
    expect(Object.keys(manifest.files).sort()).toEqual(Object.keys(files).sort());
    expect(await run('validateBundle', materialization())).toMatchObject({ valid: true, files: 3 });
    expect((await readdir(bundle)).sort()).toEqual(['files', 'manifest.json']);
  });

  it('forgets the files of an earlier commit', async () => {
    const { run, repoFolder, hub } = await transferBox(files);
    await run('downloadModel', requestOf(all));
    await writeFile(join(repoFolder, 'config.json'), '{"a":2}');
    hub.setRepo('demo/model', { folder: repoFolder });
    const config = [{ required: 'config.json' }];
    expect(await run('downloadModel', requestOf(config))).toMatchObject({ files: 1 });
    const validation = requestOf(config, { kind: 'ValidateBundle' });
    expect(await run('validateBundle', validation)).toMatchObject({ valid: true, files: 1 });
  });
});

describe('a bundle of a local folder', () => {
  const local = (path: string) => {
    const request = materialization();
    return { ...request, spec: { ...request.spec, source: { kind: 'local_path' as const, path } } };
  };

  it('is made of the files that the request names', async () => {
    const { run, folder, hub } = await transferBox({});
    await writeFiles(join(folder, 'mine'), { ...files, 'other.txt': 'x' });
    const facts = await run('materializeBundle', local(join(folder, 'mine')));
    expect(facts).toMatchObject({ files: 3, commit: null, bytesFetched: 0, bytesReused: 100_011 });
    expect(await run('validateBundle', local(join(folder, 'mine')))).toMatchObject({ valid: true });
    expect(hub.stats.requests).toEqual({});
  });

  it('is repaired from that folder', async () => {
    const { run, folder, bundle } = await transferBox({});
    await writeFiles(join(folder, 'mine'), files);
    await run('materializeBundle', local(join(folder, 'mine')));
    await rm(join(bundle, 'files/vocab.txt'));
    const facts = await run('validateBundle', { ...local(join(folder, 'mine')), options: { repair: true } });
    expect(facts).toMatchObject({ valid: true, repaired: [{ path: 'vocab.txt', problem: 'missing' }] });
  });

  it.each([
    ['is not there', 'nothing', 'NotFound'],
    ['is outside the roots', '/etc', 'PermissionDenied'],
  ])('is refused when it %s', async (_, path, type) => {
    const { run, folder } = await transferBox({});
    const at = path.startsWith('/') ? path : join(folder, path);
    await expect(run('materializeBundle', local(at))).rejects.toMatchObject({ type, nonRetryable: true });
  });

  it('is refused when a file in it is a link that leads out of the roots', async () => {
    const { run, folder } = await transferBox({});
    await writeFiles(join(folder, 'mine'), { 'config.json': '1', 'onnx/model.onnx': 'x' });
    await symlink('/etc/hostname', join(folder, 'mine/vocab.txt'));
    await expect(run('materializeBundle', local(join(folder, 'mine')))).rejects.toMatchObject({
      type: 'PermissionDenied',
    });
  });
});
