import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withLock } from '../../../client/dev-server/file-lock.js';
import { compiledRoom, runModule } from './processes.js';
import { temporaryFolder } from './programs.js';

const quiet = { report: () => undefined, waiting: String, signal: undefined };

test('one at a time does its work, and nothing is left when all are done', async () => {
  const folder = await temporaryFolder();
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, (inside += 1));
    await sleep(20);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 5 }, () => withLock(join(folder, 'lock'), quiet, work)));
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('the result and the error of the work come through, and both release the lock', async () => {
  const folder = await temporaryFolder();
  expect(await withLock(join(folder, 'lock'), quiet, () => Promise.resolve(7))).toBe(7);
  await expect(withLock(join(folder, 'lock'), quiet, () => Promise.reject(new Error('spoilt')))).rejects.toThrow(
    'spoilt',
  );
  expect(await readdir(folder)).toEqual([]);
});

test('a wait is reported once with the holder, and an abort ends it', async () => {
  const path = join(await temporaryFolder(), 'lock');
  const controller = new AbortController();
  const messages: string[] = [];
  const options = {
    report: (message: string) => messages.push(message),
    waiting: (pid: number) => `held by ${pid}`,
    signal: controller.signal,
  };
  await withLock(path, quiet, async () => {
    const waiting = withLock(path, options, () => Promise.resolve('mine')).catch((error: unknown) => error);
    await sleep(700);
    controller.abort();
    expect(await waiting).toMatchObject({ code: 'Cancelled' });
  });
  expect(messages).toEqual([`held by ${process.pid}`]);
});

test.each([
  ['whose holder did not renew it', { pid: process.pid, host: hostname(), token: 'old' }],
  ['of another host that did not renew it', { pid: 1, host: 'elsewhere', token: 'old' }],
  ['that was never written to its end', 'half'],
])('an old lock %s is taken over', async (_name, content) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'lock');
  await writeFile(path, JSON.stringify(content));
  const longAgo = new Date(Date.now() - 31_000);
  await utimes(path, longAgo, longAgo);
  expect(await withLock(path, quiet, () => Promise.resolve('mine'))).toBe('mine');
  expect(await readdir(folder)).toEqual([]);
});

test('a fresh lock of another host is respected though no process here has its id', async () => {
  const path = join(await temporaryFolder(), 'lock');
  await writeFile(path, JSON.stringify({ pid: 2 ** 30, host: 'elsewhere', token: 'theirs' }));
  const signal = AbortSignal.timeout(600);
  await expect(withLock(path, { ...quiet, signal }, () => Promise.resolve('mine'))).rejects.toMatchObject({
    code: 'Cancelled',
  });
  expect(await readFile(path, 'utf8')).toContain('theirs');
});

test('many that see the same dead holder still enter one at a time', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'lock');
  await writeFile(path, JSON.stringify({ pid: 2 ** 30, host: hostname(), token: 'dead' }));
  let inside = 0;
  const work = async () => {
    expect((inside += 1)).toBe(1);
    await sleep(5);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 10 }, () => withLock(path, quiet, work)));
  expect(await readdir(folder)).toEqual([]);
});

test('a process that exits in the middle of its work leaves no lock', async () => {
  const [room, folder] = [await compiledRoom(), await temporaryFolder()];
  const program = runModule(`
    import { withLock } from '${room}/file-lock.js';
    const options = { report: console.log, waiting: String, signal: undefined };
    await withLock('${folder}/lock', options, () => process.exit(0));
  `);
  await program.ended;
  expect(program.child.exitCode).toBe(0);
  expect(await readdir(folder)).toEqual([]);
});
