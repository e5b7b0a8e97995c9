import type * as fs from 'node:fs/promises';
import { lstat, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { findBundles } from '../../../engine/bundles/inventory.js';
import { requestOf, transferBox } from '../../helpers/transfer.js';

// A file system without symbolic links can't be mounted here: only the call fails as it does there.
const codes = ['EPERM', 'ENOTSUP', 'ENOSYS'];
const refused = (code: string) => Promise.reject(Object.assign(new Error(`${code}: refused`), { code }));
let hardLinks = true;
vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof fs>();
  return {
    ...real,
    symlink: () => refused(codes[Math.floor(Math.random() * codes.length)] ?? ''),
    link: (from: string, to: string) => (hardLinks ? real.link(from, to) : refused('EPERM')),
  };
});

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
  const { writeFiles } = await import('../../helpers/transfer.js');
  await writeFiles(box.repoFolder, { 'config.json': '{"a":2}' });
  box.hub.setRepo('demo/model', { folder: box.repoFolder });
  await box.run('downloadModel', request);
  expect(await readFile(join(box.bundle, 'files', 'config.json'), 'utf8')).toBe('{"a":2}');
  await rm(join(box.bundle, 'files', 'config.json'));
  await box.run('downloadModel', request);
  expect(await readFile(join(box.bundle, 'files', 'config.json'), 'utf8')).toBe('{"a":2}');
});
