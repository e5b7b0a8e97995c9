import fs, { lstat, readFile, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBundles } from '../../../engine/bundles/inventory.js';
import { requestOf, transferBox, writeFiles } from '../../helpers/transfer.js';

// A file system without symbolic links can't be mounted here: only the call fails as it does there.
const codes = ['EPERM', 'ENOTSUP', 'ENOSYS'];
const refused = (code: string) => Promise.reject(Object.assign(new Error(`${code}: refused`), { code }));
const { symlink, link } = fs;
let hardLinks = true;
beforeAll(() =>
  replace({
    symlink: () => refused(codes[Math.floor(Math.random() * codes.length)] ?? ''),
    link: (from, to) => (hardLinks ? link(from, to) : refused('EPERM')),
  }),
);
afterAll(() => replace({ symlink, link }));

function replace(calls: Pick<typeof fs, 'link' | 'symlink'>): void {
  Object.assign(fs, calls);
  syncBuiltinESMExports();
}

const request = requestOf([{ required: 'config.json' }, { required: 'onnx/model.onnx' }]);
const files = { 'config.json': '{"a":1}', 'onnx/model.onnx': 'weights' };

test.each([true, false])('a home without links is one of real files; hard links: %s', async (has) => {
  hardLinks = has;
  const box = await transferBox(files);
  await box.run('downloadModel', request);
  expect((await lstat(box.bundle)).isDirectory()).toBe(true);
  const manifest = JSON.parse(await readFile(join(box.bundle, 'manifest.json'), 'utf8')) as {
    files: Record<string, { local_path: string }>;
  };
  for (const [path, { local_path }] of Object.entries(manifest.files)) {
    expect(await readFile(join(box.bundle, local_path), 'utf8')).toBe(files[path as keyof typeof files]);
  }
  const { home } = box.config;
  expect(await findBundles(home)).toMatchObject([{ bundle: { name: 'demo/model', current: true, files: 2 } }]);
  // What is there is found again: nothing is fetched, nothing is made.
  expect(await box.run('materializeBundle', request)).toMatchObject({ bytesFetched: 0 });
  expect(await box.run('validateBundle', { ...request, kind: 'ValidateBundle' })).toMatchObject({ valid: true });
});

test('a name without links moves on to a new commit, and a removed file comes back', async () => {
  hardLinks = true;
  const box = await transferBox(files);
  await box.run('downloadModel', request);
  await writeFiles(box.repoFolder, { 'config.json': '{"a":2}' });
  box.hub.setRepo('demo/model', { folder: box.repoFolder });
  await box.run('downloadModel', request);
  expect(await readFile(join(box.bundle, 'files', 'config.json'), 'utf8')).toBe('{"a":2}');
  await rm(join(box.bundle, 'files', 'config.json'));
  await box.run('downloadModel', request);
  expect(await readFile(join(box.bundle, 'files', 'config.json'), 'utf8')).toBe('{"a":2}');
});
