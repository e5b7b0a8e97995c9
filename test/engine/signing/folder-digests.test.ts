import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { gitPaths, hashFolder } from '../../../engine/signing/folder-digests.js';
import { temporaryFolder } from '../../helpers/activity.js';

const all = { ignoredPaths: [...gitPaths, 'model.sig'], allowSymlinks: false };

async function folderWith(...paths: string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const path of paths) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), path);
  }
  return folder;
}

describe('the files of a folder', () => {
  it('are all of them, hidden ones too, but for what git keeps and the signature', async () => {
    const git = ['.git/HEAD', '.gitattributes', '.gitignore', '.github/workflows/ci.yml'];
    const folder = await folderWith(
      'a.json',
      'b/c/d.bin',
      '.hidden',
      'b/.gitattributes',
      'b/model.sig',
      'model.sig',
      ...git,
    );
    const digests = await hashFolder(folder, all);
    expect([...digests.keys()].sort()).toEqual(['.hidden', 'a.json', 'b/.gitattributes', 'b/c/d.bin', 'b/model.sig']);
  });

  it('may be links only where links are allowed', async () => {
    const folder = await folderWith('a.json', 'other/blob');
    await symlink(join('other', 'blob'), join(folder, 'link.bin'));
    await expect(hashFolder(folder, all)).rejects.toThrow('is a link');
    const digests = await hashFolder(folder, { ...all, allowSymlinks: true });
    expect(digests.get('link.bin')).toBe(digests.get('other/blob'));
  });

  it('are never behind a link to a folder, which would hide them from the signature', async () => {
    const folder = await folderWith('a.json', 'other/blob');
    await symlink('other', join(folder, 'linked'));
    await expect(hashFolder(folder, { ...all, allowSymlinks: true })).rejects.toThrow('leads to no file');
  });

  it('are files, no sockets', async () => {
    const folder = await folderWith('a.json');
    const server = createServer().listen(join(folder, 'socket'));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    await expect(hashFolder(folder, all)).rejects.toThrow('socket` is no file');
  });
});
