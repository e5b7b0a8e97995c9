import { execFileSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  readRunningDev,
  removeDevRecord,
  serverFolder,
  writeDevRecord,
} from '../../../client/dev-server/dev-record.js';
import { shellScript, temporaryFolder } from './programs.js';
import { runScript } from './processes.js';

const facts = { address: '127.0.0.1:7233', uiUrl: 'http://127.0.0.1:8233', startedAt: '2026-01-01T00:00:00.000Z' };

test('a home without a record has no running dev server', async () => {
  expect(await readRunningDev(await temporaryFolder())).toBeUndefined();
});

test('a record is read back while its server lives, and is removed with it', async () => {
  const home = await temporaryFolder();
  const script = await shellScript(join(home, 'temporal'), 'sleep 60 & wait');
  const server = runScript(script, ['server', 'start-dev', '--port', '7233', '--ui-port', '8233']);
  const record = { ...facts, pid: server.pid, ownerPid: process.pid };
  await writeDevRecord(home, record);
  expect(await readRunningDev(home)).toEqual(record);
  expect(await readdir(serverFolder(home))).toEqual(['dev.json']);
  await server.end();
  expect(await readRunningDev(home)).toBeUndefined();
  expect(await readdir(serverFolder(home))).toEqual([]);
});

test('a record whose process id went to another program is dropped', async () => {
  const home = await temporaryFolder();
  await writeDevRecord(home, { ...facts, pid: process.pid, ownerPid: process.pid });
  expect(await readRunningDev(home)).toBeUndefined();
  expect(await readdir(serverFolder(home))).toEqual([]);
});

test.each(['', '{"address":"127.0.0.1:7', '{"address":7233}', '[]'])('a broken record is named: %j', async (text) => {
  const home = await temporaryFolder();
  await mkdir(serverFolder(home), { recursive: true });
  await writeFile(join(serverFolder(home), 'dev.json'), text);
  await expect(readRunningDev(home)).rejects.toMatchObject({
    code: 'IntegrityError',
    message: expect.stringContaining(join(serverFolder(home), 'dev.json')) as string,
  });
});

test("another server's record is not removed", async () => {
  const home = await temporaryFolder();
  await writeDevRecord(home, { ...facts, pid: process.pid, ownerPid: process.pid });
  await removeDevRecord(home, Number(execFileSync('sh', ['-c', 'echo $$']).toString()));
  expect(await readdir(serverFolder(home))).toEqual(['dev.json']);
});
