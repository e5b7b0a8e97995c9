import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inRealFolder, makeRealFolder, openRealFile } from '../../../system/files/real-folder.js';
import { temporaryFolder } from '../../helpers/activity.js';

describe('a folder that is written to', () => {
  it('is made, with those around it', async () => {
    const { inside } = await twoFolders();
    await inRealFolder(join(inside, 'a/b'), (at) => writeFile(join(at, 'c'), 'c'));
    expect(await readdir(join(inside, 'a/b'))).toEqual(['c']);
  });

  it.each(['job', 'job/run-1', 'job/run-1/shards'])('is no link at %s, and nothing is made beyond it', async (name) => {
    const { inside, outside } = await twoFolders();
    await mkdir(join(inside, name, '..'), { recursive: true });
    await symlink(outside, join(inside, name));
    await expect(makeRealFolder(join(inside, 'job/run-1/shards/deep'))).rejects.toMatchObject({
      code: 'PermissionDenied',
      retryable: false,
    });
    expect(await readdir(outside)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('stays the same one when a link is put in its place meanwhile', async () => {
    const { inside, outside } = await twoFolders();
    const folder = join(inside, 'job');
    await inRealFolder(folder, async (at) => {
      await rename(folder, join(inside, 'moved'));
      await symlink(outside, folder);
      await writeFile(join(at, 'rows'), 'x');
    });
    expect(await readdir(outside)).toEqual([]);
    expect(await readdir(join(inside, 'moved'))).toEqual(['rows']);
  });
});

describe('a file that was checked and is read', () => {
  it.each(['the file', 'its folder'])('is refused when %s has become a link since', async (what) => {
    const { inside, outside } = await twoFolders();
    await mkdir(join(inside, 'data'));
    for (const folder of [outside, join(inside, 'data')]) await writeFile(join(folder, 'rows'), 'secret');
    const path = join(inside, 'data/rows');
    await (await openRealFile(path)).close();
    if (what === 'the file') {
      await rm(path);
      await symlink(join(outside, 'rows'), path);
    } else {
      await rm(join(inside, 'data'), { recursive: true });
      await symlink(outside, join(inside, 'data'));
    }
    await expect(openRealFile(path)).rejects.toMatchObject({ code: 'PermissionDenied' });
  });
});

async function twoFolders() {
  const folder = await temporaryFolder();
  const [inside, outside] = [join(folder, 'inside'), join(folder, 'outside')];
  await Promise.all([mkdir(inside), mkdir(outside)]);
  return { inside, outside };
}
