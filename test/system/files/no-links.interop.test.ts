import promises, { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { isLocked, withLock } from '../../../system/files/file-lock.js';
import { processSpace } from '../../../system/processes/process-space.js';

// A file system without symbolic links can't be mounted here: only the call fails as it does there.
const { symlink } = promises;
const refuse = (): Promise<never> =>
  Promise.reject(Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' }));

beforeAll(() => setSymlink(refuse));
afterAll(() => setSymlink(symlink));

function setSymlink(call: typeof symlink): void {
  promises.symlink = call;
  syncBuiltinESMExports();
}

async function lockPath(): Promise<{ folder: string; path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'model-jobs-no-links-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { folder, path: join(folder, 'lock') };
}

test('where there are no links a lock is a file, and one at a time holds it', async () => {
  const { folder, path } = await lockPath();
  let inside = 0;
  const work = async () => {
    expect((inside += 1)).toBe(1);
    expect(await readFile(path, 'utf8')).toContain(`${processSpace}:${process.pid}:`);
    await sleep(5);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 5 }, () => withLock(path, {}, work)));
  expect(await readdir(folder)).toEqual([]);
});

test('where there are no links a lock of another host is respected while it is renewed, and then taken over', async () => {
  const { folder, path } = await lockPath();
  await writeFile(path, 'elsewhere:7:01234567');
  expect(await isLocked(path)).toBe(true);
  await expect(withLock(path, { signal: AbortSignal.timeout(300) }, () => Promise.resolve(1))).rejects.toThrow();
  const longAgo = new Date(Date.now() - 21_000);
  await utimes(path, longAgo, longAgo);
  expect(await withLock(path, {}, ({ fenced }) => Promise.resolve(fenced))).toBe(true);
  expect(await readdir(folder)).toEqual([]);
});
