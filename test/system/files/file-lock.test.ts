import { lutimes, mkdtemp, readdir, readlink, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { isLocked, withLock } from '../../../system/files/file-lock.js';
import { processSpace } from '../../../system/processes/process-space.js';

/** No process has this id. */
const noPid = 2 ** 30;
const mine = () => Promise.resolve('mine');

async function lockPath(): Promise<{ folder: string; path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'model-jobs-lock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { folder, path: join(folder, 'lock') };
}

/** A lock that names this holder and was renewed so many seconds ago. */
async function leaveLock(path: string, holder: string, secondsAgo: number): Promise<void> {
  const at = new Date(Date.now() - secondsAgo * 1000);
  await symlink(holder, path);
  await lutimes(path, at, at);
}

test('one at a time does its work, and nothing is left when all are done', async () => {
  const { folder, path } = await lockPath();
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, (inside += 1));
    await sleep(20);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 5 }, () => withLock(path, {}, work)));
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('the result and the error of the work come through, and both release the lock', async () => {
  const { folder, path } = await lockPath();
  expect(await withLock(path, {}, mine)).toBe('mine');
  await expect(withLock(path, {}, () => Promise.reject(new Error('spoilt')))).rejects.toThrow('spoilt');
  expect(await readdir(folder)).toEqual([]);
});

test('who waits for another process is told of it, and an abort ends the wait', async () => {
  const { path } = await lockPath();
  await leaveLock(path, `elsewhere:${noPid}:theirs`, 0);
  const reason = new Error('enough');
  const controller = new AbortController();
  const onWait = (pid: number) => {
    expect(pid).toBe(noPid);
    controller.abort(reason);
  };
  await expect(withLock(path, { signal: controller.signal, onWait }, mine)).rejects.toBe(reason);
  expect(await readlink(path)).toContain('theirs');
});

test('who waits for this process is told of it, and an abort ends the wait', async () => {
  const { path } = await lockPath();
  const controller = new AbortController();
  const told: number[] = [];
  const options = { signal: controller.signal, onWait: (pid: number) => told.push(pid) };
  await withLock(path, {}, async () => {
    const waiting = withLock(path, options, mine).catch((error: unknown) => error);
    controller.abort();
    expect(await waiting).toBe(controller.signal.reason);
  });
  expect(told).toEqual([process.pid]);
});

test.each([
  ['of this host whose process is gone', `${processSpace}:${noPid}:dead`, 0, false],
  ['of this host that an earlier process of our id left', `${processSpace}:${process.pid}:old`, 0, false],
  ['of another host that was silent for long', `elsewhere:1:old`, 21, true],
])('a lock %s is taken over', async (_name, holder, secondsAgo, mayLive) => {
  const { folder, path } = await lockPath();
  await leaveLock(path, holder, secondsAgo);
  expect(await isLocked(path)).toBe(false);
  expect(await withLock(path, {}, ({ fenced }) => Promise.resolve(fenced))).toBe(mayLive);
  expect(await readdir(folder)).toEqual([]);
});

test('a lock of another host that was renewed just now is respected though no process here has its id', async () => {
  const { path } = await lockPath();
  await leaveLock(path, `elsewhere:${noPid}:theirs`, 0);
  expect(await isLocked(path)).toBe(true);
  await expect(withLock(path, { signal: AbortSignal.timeout(500) }, mine)).rejects.toThrow();
  expect(await readlink(path)).toContain('theirs');
});

test('a lock of a container with our host name and our process id is respected', async () => {
  const { path } = await lockPath();
  await leaveLock(path, `${hostname()}/${'0'.repeat(8)}/1:${process.pid}:theirs`, 0);
  expect(await isLocked(path)).toBe(true);
  await expect(withLock(path, { signal: AbortSignal.timeout(500) }, mine)).rejects.toThrow();
});

test('a file that names no holder, as earlier versions had them, holds for as long as a silent one', async () => {
  const { folder, path } = await lockPath();
  await writeFile(path, JSON.stringify({ pid: noPid, host: hostname(), token: 'old' }));
  await expect(withLock(path, { signal: AbortSignal.timeout(500) }, mine)).rejects.toThrow();
  const longAgo = new Date(Date.now() - 31_000);
  await utimes(path, longAgo, longAgo);
  expect(await withLock(path, {}, mine)).toBe('mine');
  expect(await readdir(folder)).toEqual([]);
});

test('many that see the same dead holder still enter one at a time', async () => {
  const { folder, path } = await lockPath();
  await leaveLock(path, `${processSpace}:${noPid}:dead`, 0);
  let inside = 0;
  const work = async () => {
    expect((inside += 1)).toBe(1);
    await sleep(5);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 10 }, () => withLock(path, {}, work)));
  expect(await readdir(folder)).toEqual([]);
});
