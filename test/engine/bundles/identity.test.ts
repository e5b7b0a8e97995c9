import {
  chmod,
  copyFile,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BundleManifest } from '../../../planner/index.js';
import { sha256OfText } from '../../../system/hashing/sha256-of-text.js';
import { noise, requestOf, transferBox, workerOn, writeFiles } from '../../helpers/transfer.js';

const files = { 'config.json': '{"a":1}', 'onnx/model.onnx': noise(100_000) };
const all = Object.keys(files).map((required) => ({ required }));
const download = requestOf(all);
const { spec } = download;

/** A request of another kind, name or source. */
const like = (kind: string, changes: object = {}) => requestOf(all, { kind, spec: { ...spec, ...changes } });
const from = (repo_id: string, revision = 'main') => ({ source: { kind: 'hugging_face', repo_id, revision } });

/** The hub has `demo/model`, and `demo/other` with another `config.json`. */
async function twoModels() {
  const box = await transferBox(files);
  const other = join(box.folder, 'other');
  await writeFiles(other, { ...files, 'config.json': '{"a":2}' });
  box.hub.setRepo('demo/other', { folder: other });
  const modelConfig = (root: string): Promise<string> => readFile(join(root, 'files/config.json'), 'utf8');
  const manifest = async (root: string) =>
    JSON.parse(await readFile(join(root, 'manifest.json'), 'utf8')) as BundleManifest;
  return { ...box, modelConfig, manifest };
}

describe('two models', () => {
  it.each([
    ['one name for two repositories', from('demo/model'), from('demo/other')],
    ['names that are alike once they are safe', { name: 'm/1' }, { name: 'm_1', ...from('demo/other') }],
  ])('never share files: %s', async (_, first, second) => {
    const { run, modelConfig, hub } = await twoModels();
    const one = await run('materializeBundle', like('MaterializeBundle', first));
    expect(await modelConfig(one.bundleRoot)).toBe('{"a":1}');
    const two = await run('materializeBundle', like('MaterializeBundle', second));
    expect(await modelConfig(two.bundleRoot)).toBe('{"a":2}');
    expect(two.model).toMatchObject({ repository: 'demo/other', commit: await hub.commit('demo/other') });
    const again = await run('materializeBundle', like('MaterializeBundle', first));
    expect(await modelConfig(again.bundleRoot)).toBe('{"a":1}');
    expect(again.model).toEqual(one.model);
    // Artifacts stay what they were when the name's place led there.
    expect(await readFile(new URL(two.artifacts[0]!.uri), 'utf8')).toBe('{"a":2}');
  });

  it('never share files: revisions that are alike once they are safe', async () => {
    const { run, modelConfig, hub, repoFolder, folder } = await twoModels();
    hub.setRepo('demo/model', {
      folder: repoFolder,
      revisions: { 'feature/x': repoFolder, feature_x: join(folder, 'other') },
    });
    const of = (revision: string) => like('Download', from('demo/model', revision));
    const found = [];
    for (const revision of ['feature/x', 'feature_x', 'feature/x']) {
      const { bundleRoot } = await run('downloadModel', of(revision));
      found.push(await modelConfig(bundleRoot));
    }
    expect(found).toEqual(['{"a":1}', '{"a":2}', '{"a":1}']);
  });

  it('of which one took the other’s place are told apart by a validation', async () => {
    const { run } = await twoModels();
    await run('downloadModel', download);
    expect(await run('validateBundle', like('ValidateBundle', from('demo/other')))).toMatchObject({
      valid: false,
      problems: [{ path: 'manifest.json', problem: 'source' }],
    });
    expect(await run('validateBundle', like('ValidateBundle'))).toMatchObject({ valid: true, problems: [] });
  });
});

describe('one model', () => {
  it('has one copy of its files under all of its names', async () => {
    const { run, ...box } = await twoModels();
    const first = await run('downloadModel', download);
    const second = await run('materializeBundle', like('MaterializeBundle', { name: 'alias' }));
    expect(await realpath(join(first.bundleRoot, 'files'))).toBe(await realpath(join(second.bundleRoot, 'files')));
    expect(await readdir(join(box.config.home, 'bundles/.by-digest'))).toEqual([first.model?.digest]);
    expect((await box.manifest(second.bundleRoot)).name).toBe('alias');
  });
});

describe('a local folder', () => {
  async function trained() {
    const box = await twoModels();
    const mine = join(box.folder, 'mine');
    await writeFiles(mine, files);
    const source = { source: { kind: 'local_path', path: mine } };
    const train = (text: string): Promise<void> => writeFile(join(mine, 'config.json'), text);
    return { ...box, mine, source, train };
  }

  it.each(['MaterializeBundle', 'Download'])('that was trained again makes a new bundle by %s', async (kind) => {
    const { run, modelConfig, source, train, mine } = await trained();
    const activity = kind === 'Download' ? 'downloadModel' : 'materializeBundle';
    const before = await run(activity, like(kind, source));
    // Of the same size, and at once: no clock may tell them apart.
    await train('{"a":9}');
    expect(await run('validateBundle', like('ValidateBundle', source))).toMatchObject({
      valid: false,
      problems: [{ path: 'config.json', problem: 'source' }],
    });
    const after = await run(activity, like(kind, source));
    expect(await modelConfig(after.bundleRoot)).toBe('{"a":9}');
    expect(after.model?.digest).not.toBe(before.model?.digest);
    expect(await run('validateBundle', like('ValidateBundle', source))).toMatchObject({ valid: true });
    // Trained in a folder beside it, and moved to its place.
    await writeFiles(`${mine}-next`, { ...files, 'config.json': '{"a":8}' });
    await rm(mine, { recursive: true });
    await rename(`${mine}-next`, mine);
    expect(await modelConfig((await run(activity, like(kind, source))).bundleRoot)).toBe('{"a":8}');
  });

  it('is not shared: what is written into it later reaches no bundle', async () => {
    const { run, modelConfig, source, train, mine } = await trained();
    const { bundleRoot } = await run('materializeBundle', like('MaterializeBundle', source));
    const bundle = await realpath(bundleRoot);
    await train('{"a":7}');
    expect(await modelConfig(bundle)).toBe('{"a":1}');
    for (const name of Object.keys(files)) expect((await lstat(join(mine, name))).nlink).toBe(1);
  });

  it('that is only touched makes no other bundle', async () => {
    const { run, source, train } = await trained();
    const { model } = await run('materializeBundle', like('MaterializeBundle', source));
    await train('{"a":1}');
    expect((await run('materializeBundle', like('MaterializeBundle', source))).model).toEqual(model);
  });
});

describe('the hub cache', () => {
  const weights = 'onnx/model.onnx';

  async function cached() {
    const box = await twoModels();
    const { commit } = await box.run('downloadModel', download);
    await rm(box.config.home, { recursive: true });
    const blobs = join(box.cache, 'blobs');
    const snapshot = join(box.cache, 'snapshots', commit ?? '');
    const blobOf = async (path: string): Promise<string> =>
      join(dirname(join(snapshot, path)), await readlink(join(snapshot, path)));
    box.hub.resetStats();
    const bytesServed = (): number => Object.values(box.hub.stats.bytes).reduce((sum, bytes) => sum + bytes, 0);
    return { ...box, blobs, snapshot, blobOf, bytesServed };
  }

  it.each(['downloadModel', 'materializeBundle'] as const)('with wrong bytes is put right by %s', async (activity) => {
    const { run, manifest, blobOf, bytesServed } = await cached();
    for (const path of Object.keys(files)) {
      const blob = await blobOf(path);
      const bytes = await readFile(blob);
      bytes[3]! ^= 1;
      await writeFile(blob, bytes);
    }
    const kind = activity === 'downloadModel' ? 'Download' : 'MaterializeBundle';
    const { bundleRoot } = await run(activity, like(kind));
    expect(bytesServed()).toBe(100_007);
    for (const [path, content] of Object.entries(files)) {
      expect((await readFile(join(bundleRoot, 'files', path))).equals(Buffer.from(content))).toBe(true);
    }
    const { files: listed } = await manifest(bundleRoot);
    expect(listed['config.json']?.sha256).toBe(sha256OfText('{"a":1}'));
    expect(await run('validateBundle', like('ValidateBundle'))).toMatchObject({ valid: true });
  });

  it('with a shared store behind its blobs gives the bytes, with their own etags and hashes', async () => {
    const { run, manifest, blobOf, bytesServed, cache } = await cached();
    const blob = await blobOf(weights);
    const xetHash = 'ab'.repeat(32);
    const stored = join(dirname(cache), 'blobs/ab', xetHash);
    await mkdir(dirname(stored), { recursive: true });
    await rename(blob, stored);
    await chmod(stored, 0o444);
    await symlink(relative(dirname(blob), stored), blob);
    for (const [activity, kind] of [
      ['materializeBundle', 'MaterializeBundle'],
      ['downloadModel', 'Download'],
    ] as const) {
      const { bundleRoot, bytesFetched } = await run(activity, like(kind));
      expect(bytesFetched).toBe(0);
      expect((await readFile(join(bundleRoot, 'files', weights))).equals(Buffer.from(files[weights]))).toBe(true);
      const listed = (await manifest(bundleRoot)).files[weights];
      expect(listed).toMatchObject({ sha256: basename(blob), etag: basename(blob) });
    }
    expect(bytesServed()).toBe(0);
    expect(await run('validateBundle', like('ValidateBundle'))).toMatchObject({ valid: true });
    // A store whose bytes are wrong, or gone: the blob is fetched, the store is left alone.
    for (const spoil of [() => rm(stored), () => writeFile(stored, noise(100_000, 7))]) {
      await rm(blob, { force: true });
      await symlink(relative(dirname(blob), stored), blob);
      await rm(stored, { force: true });
      await writeFile(stored, files[weights]);
      await spoil();
      await run('downloadModel', like('Download'));
      expect((await readFile(blob)).equals(Buffer.from(files[weights]))).toBe(true);
    }
  });

  it('with real files in its snapshots is used as it is, and no file’s name is its etag', async () => {
    const { run, manifest, blobs, snapshot, bytesServed, hub } = await cached();
    for (const path of Object.keys(files)) {
      const link = join(snapshot, path);
      const real = await realpath(link);
      await rm(link);
      await copyFile(real, link);
    }
    await rm(blobs, { recursive: true });
    const made = await run('materializeBundle', like('MaterializeBundle'));
    expect(hub.stats.requests).toEqual({});
    const { files: listed } = await manifest(made.bundleRoot);
    expect(listed['config.json']).toMatchObject({ sha256: sha256OfText('{"a":1}') });
    expect(listed['config.json']?.etag).toBeUndefined();
    expect(await run('downloadModel', download)).toMatchObject({ bytesFetched: 0, bytesReused: 100_007 });
    expect(bytesServed()).toBe(0);
    expect(await readdir(blobs).catch(() => [])).toEqual([]);
    // Somebody may write them again: the bundle has copies.
    await writeFile(join(snapshot, 'config.json'), '{"a":5}');
    expect(await readFile(join(made.bundleRoot, 'files/config.json'), 'utf8')).toBe('{"a":1}');
    expect(await run('downloadModel', download)).toMatchObject({ bytesFetched: 7 });
  });

  it('is read while the hub is out of reach', async () => {
    const { folder, hub } = await cached();
    const commit = await hub.commit('demo/model');
    const offline = workerOn(folder, hub, { offline: true });
    await hub.close();
    expect(await offline.run('downloadModel', download)).toMatchObject({ commit, bytesFetched: 0 });
  });
});

describe('a bundle of an earlier version', () => {
  /** Its files keep their sizes; `change` changes what its manifest says of `config.json`. */
  async function earlierBundle(config: string, change: (listed: BundleManifest['files'][string]) => void) {
    const box = await twoModels();
    const { run, manifest, hub, cache } = box;
    const { bundleRoot } = await run('downloadModel', download);
    const root = await realpath(bundleRoot);
    const { digest: _digest, asked: _asked, ...listed } = await manifest(root);
    const earlier = `${bundleRoot}-earlier`;
    await cp(join(root, 'files'), join(earlier, 'files'), { recursive: true, dereference: true });
    await writeFile(join(earlier, 'files/config.json'), config);
    change(listed.files['config.json']!);
    await writeFile(join(earlier, 'manifest.json'), JSON.stringify(listed));
    await rm(join(box.config.home, 'bundles/.by-digest'), { recursive: true });
    await rm(bundleRoot);
    await rename(earlier, bundleRoot);
    await rm(cache, { recursive: true });
    hub.resetStats();
    return { ...box, bundleRoot };
  }

  it.each<[string, (listed: BundleManifest['files'][string]) => void]>([
    ['an etag that is no hash', (listed) => (listed.etag = 'W/"7-1"')],
    ['no etag', (listed) => delete listed.etag],
    ['no hash', (listed) => Object.assign(listed, { etag: undefined, sha256: undefined })],
    ['an etag that is no hash, alone', (listed) => Object.assign(listed, { etag: 'W/"7-1"', sha256: undefined })],
  ])('gives no file that somebody changed, listed with %s', async (_, change) => {
    const { run, modelConfig, bundleRoot } = await earlierBundle('{"a":9}', change);
    await run('materializeBundle', like('MaterializeBundle'));
    expect(await modelConfig(bundleRoot)).toBe('{"a":1}');
  });

  it('is taken over, with each file held against its hash', async () => {
    const { run, modelConfig, hub, bundleRoot } = await earlierBundle('{"a":1}', () => undefined);
    const { model } = await run('materializeBundle', like('MaterializeBundle'));
    expect(hub.stats.bytes).toEqual({});
    expect(model?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await modelConfig(bundleRoot)).toBe('{"a":1}');
    expect((await lstat(bundleRoot)).isSymbolicLink()).toBe(true);
  });
});
