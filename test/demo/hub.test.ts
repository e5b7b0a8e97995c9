import {
  downloadFile,
  fileDownloadInfo,
  fileExists,
  HubApiError,
  listFiles,
  modelInfo,
  pathsInfo,
} from '@huggingface/hub';
import { describe, expect, it } from 'vitest';
import { bytesOf, files, folderOf, hubWith, lfsOid, repo, weights } from './hub-fixture.js';

describe('the hub, asked by @huggingface/hub', () => {
  it('lists all files of a repo with their sizes and hashes', async () => {
    const hub = await hubWith();
    const entries = await allOf(listFiles({ repo, hubUrl: hub.url, recursive: true }));
    const sizes = entries.filter(({ type }) => type === 'file').map(({ path, size }) => [path, size]);
    expect(Object.fromEntries(sizes)).toEqual(mapValues(files, (content) => content.length));
    expect(entries.find(({ path }) => path === 'onnx/model.onnx')).toMatchObject({
      lfs: { oid: lfsOid, size: weights.length, pointerSize: 131 },
    });
    expect(entries.find(({ path }) => path === 'empty.txt')?.oid).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  });

  it('lists one folder, without what lies deeper', async () => {
    const hub = await hubWith();
    const entries = await allOf(listFiles({ repo, hubUrl: hub.url, path: 'sub folder' }));
    expect(entries.map(({ path, type }) => [path, type])).toEqual([
      ['sub folder/100% sure #1?.txt', 'file'],
      ['sub folder/deep', 'directory'],
      ['sub folder/übersicht.txt', 'file'],
    ]);
  });

  it('lists page by page', async () => {
    const hub = await hubWith({ pageSize: 3 });
    const entries = await allOf(listFiles({ repo, hubUrl: hub.url, recursive: true }));
    expect(new Set(entries.map(({ path }) => path)).size).toBe(11);
    expect(hub.stats.requests).toEqual({ 'GET tree': 4 });
  });

  it('pages through a folder with an awkward name at a revision with slashes', async () => {
    const folder = await folderOf({ 'sub 100%/a#': 'a', 'sub 100%/b?': 'b', 'sub 100%/c c': 'c' });
    const hub = await hubWith({ pageSize: 1, repos: { [repo]: { folder, revisions: { 'refs/pr/1': folder } } } });
    const options = { repo, hubUrl: hub.url, path: 'sub%20100%25' };
    for (const revision of ['refs/pr/1', 'refs%2Fpr%2F1']) {
      const entries = await allOf(listFiles({ ...options, revision }));
      expect(entries.map(({ path }) => path)).toEqual(['sub 100%/a#', 'sub 100%/b?', 'sub 100%/c c']);
    }
  });

  it('tells the last commit of each entry when asked to expand', async () => {
    const hub = await hubWith();
    const [entry] = await allOf(listFiles({ repo, hubUrl: hub.url, expand: true }));
    expect(entry?.lastCommit?.id).toBe(await hub.commit(repo));
  });

  it('tells a model’s commit and files', async () => {
    const hub = await hubWith();
    const info = await modelInfo({ name: repo, hubUrl: hub.url, additionalFields: ['sha', 'filePaths'] });
    expect(info).toMatchObject({ name: repo, private: false, gated: false, sha: await hub.commit(repo) });
    expect(info.filePaths).toEqual(Object.keys(files));
  });

  it('serves repos without an owner', async () => {
    const hub = await hubWith({ repos: { tiny: { folder: await folderOf(files) } } });
    expect(await modelInfo({ name: 'tiny', hubUrl: hub.url })).toMatchObject({ name: 'tiny' });
    expect(await bytesOf((await downloadFile({ repo: 'tiny', path: 'config.json', hubUrl: hub.url }))!)).toEqual(
      files['config.json'],
    );
  });

  it('tells about single paths and leaves out those that are not there', async () => {
    const hub = await hubWith();
    const paths = ['sub folder/100% sure #1?.txt', 'missing.txt', 'onnx', 'onnx/model.onnx'];
    const found = await pathsInfo({ repo, paths, hubUrl: hub.url, expand: true });
    expect(found.map(({ path, type }) => [path, type])).toEqual([
      ['sub folder/100% sure #1?.txt', 'file'],
      ['onnx', 'directory'],
      ['onnx/model.onnx', 'file'],
    ]);
    expect(found[2]).toMatchObject({
      lfs: { oid: lfsOid, size: weights.length },
      lastCommit: { id: await hub.commit(repo) },
    });
  });

  it('tells size and ETag of a file, with a link that keeps to the hub', async () => {
    const hub = await hubWith();
    const info = await fileDownloadInfo({ repo, path: 'config.json', hubUrl: hub.url });
    const [entry] = await pathsInfo({ repo, paths: ['config.json'], hubUrl: hub.url });
    expect(info).toMatchObject({ size: files['config.json']!.length, etag: `"${entry?.oid ?? ''}"` });
    const linked = await fileDownloadInfo({ repo, path: 'onnx/model.onnx', hubUrl: hub.url });
    expect(linked).toMatchObject({ size: weights.length, url: `${hub.url}/${repo}/resolve/main/onnx/model.onnx` });
  });

  it('knows no file that is not there', async () => {
    const hub = await hubWith();
    expect(await fileDownloadInfo({ repo, path: 'missing.txt', hubUrl: hub.url })).toBeNull();
    expect(await fileExists({ repo, path: 'missing.txt', hubUrl: hub.url })).toBe(false);
    expect(await fileExists({ repo, path: 'config.json', hubUrl: hub.url })).toBe(true);
  });

  it.each(Object.keys(files).filter((path) => path !== 'empty.txt'))('gives the whole file %s', async (path) => {
    const hub = await hubWith();
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    expect((await bytesOf((await downloadFile({ repo, path: encoded, hubUrl: hub.url }))!)).equals(files[path]!)).toBe(
      true,
    );
  });

  it('takes names with spaces and umlauts that are not encoded', async () => {
    const hub = await hubWith();
    const blob = await downloadFile({ repo, path: 'sub folder/übersicht.txt', hubUrl: hub.url });
    expect(await blob?.text()).toBe('unicode\n');
  });

  it('gives slices of a file', async () => {
    const hub = await hubWith();
    const blob = (await downloadFile({ repo, path: 'onnx/model.onnx', hubUrl: hub.url }))!;
    for (const [start, end] of [
      [0, 1],
      [1000, 300_000],
      [weights.length - 5, weights.length],
    ] as const) {
      expect((await bytesOf(blob.slice(start, end))).equals(weights.subarray(start, end))).toBe(true);
    }
  });

  it('gives the pointer of a file in LFS as the raw file', async () => {
    const hub = await hubWith();
    const blob = (await downloadFile({ repo, path: 'onnx/model.onnx', raw: true, hubUrl: hub.url }))!;
    expect(await blob.text()).toBe(
      `version https://git-lfs.github.com/spec/v1\noid sha256:${lfsOid}\nsize ${weights.length}\n`,
    );
  });

  it('resolves branches, pull requests, commits and HEAD', async () => {
    const [old, current] = [await folderOf({ 'a.txt': 'old' }), await folderOf({ 'a.txt': 'new' })];
    const revisions = { 'v1.0': old, 'refs/pr/1': old };
    const hub = await hubWith({ repos: { [repo]: { folder: current, revisions } } });
    const read = async (revision: string) =>
      (await downloadFile({ repo, path: 'a.txt', revision, hubUrl: hub.url }))!.text();
    const [oldCommit, commit] = [await hub.commit(repo, 'v1.0'), await hub.commit(repo)];
    const names = ['main', 'HEAD', commit, 'v1.0', 'refs/pr/1', oldCommit];
    expect(await Promise.all(names.map(read))).toEqual(['new', 'new', 'new', 'old', 'old', 'old']);
  });

  it('gives equal folders equal commits, and keeps a commit after the branch moved on', async () => {
    const hub = await hubWith();
    const before = await hub.commit(repo);
    expect(await (await hubWith()).commit(repo)).toBe(before);
    hub.setRepo(repo, { folder: await folderOf({ 'config.json': 'moved on' }) });
    expect(await hub.commit(repo)).not.toBe(before);
    const kept = await downloadFile({ repo, path: 'config.json', revision: before, hubUrl: hub.url });
    expect(await bytesOf(kept!)).toEqual(files['config.json']);
  });

  it('gives its errors the words that the library passes on', async () => {
    const hub = await hubWith({ token: 'secret' });
    const failing = modelInfo({ name: 'no/such', hubUrl: hub.url, accessToken: 'hf_other' });
    await expect(failing).rejects.toThrow(/Invalid credentials/);
    await expect(failing).rejects.toBeInstanceOf(HubApiError);
  });
});

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) {
    list.push(item);
  }
  return list;
}

function mapValues<T, R>(record: Record<string, T>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
