import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openServer, readRunningDev } from '../../../client/dev-server/index.js';
import { gone } from './processes.js';
import { temporaryFolder } from './programs.js';
import { firstBuildMs, runIdOf, start, startJob, temporal, withClient } from './servers.js';

beforeAll(temporal, firstBuildMs);

describe('a dev server with a data file', () => {
  test('has its jobs and schedules again after a restart, whatever letters its home has', async () => {
    const home = join(await temporaryFolder(), 'a home #1?x=%20&y');
    const first = await start({ home });
    const runId = await startJob(first, 'kept');
    await withClient(first, (client) =>
      client.schedule.create({
        scheduleId: 'nightly',
        spec: { intervals: [{ every: '1 day' }] },
        action: { type: 'startWorkflow', workflowType: 'job', taskQueue: 'nobody' },
      }),
    );
    expect(await readdir(join(home, 'server'))).toEqual(expect.arrayContaining(['temporal.db', 'temporal.db-wal']));
    await first.stop();
    const second = await start({ home });
    expect(await runIdOf(second, 'kept')).toBe(runId);
    const { action } = await withClient(second, (client) => client.schedule.getHandle('nightly').describe());
    expect(action).toMatchObject({ workflowType: 'job' });
  });

  test('answers at its address, shows its Web UI and is recorded while it runs', async () => {
    const home = await temporaryFolder();
    const messages: string[] = [];
    const server = await start({ home, report: (message) => messages.push(message) });
    const { address, uiUrl, pid } = server;
    expect(await readRunningDev(home)).toMatchObject({ address, uiUrl, pid, ownerPid: process.pid });
    expect((await fetch(uiUrl)).status).toBe(200);
    expect(messages.at(-1)).toContain(`answers at ${address} after `);
    await server.stop();
    await server.stop();
    expect(await server.exited).toBe('exit code 0');
    expect(await readRunningDev(home)).toBeUndefined();
    await gone(pid, 0);
  });

  test('is not started beside another one on the same home', async () => {
    const home = await temporaryFolder();
    const { address, pid } = await start({ home });
    const second = start({ home });
    await expect(second).rejects.toMatchObject({ code: 'AlreadyExists', details: { address, pid } });
    await expect(second).rejects.toThrow(`${address}, Web UI`);
    await expect(second).rejects.toThrow(`pid ${pid}`);
  });

  test('of two starts at the same time on one home one succeeds', async () => {
    const home = await temporaryFolder();
    const outcomes = await Promise.allSettled([start({ home }), start({ home })]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'AlreadyExists' });
  });

  test('tells when it ended by itself, and its record goes', async () => {
    const home = await temporaryFolder();
    const server = await start({ home });
    const runId = await startJob(server, 'survivor');
    process.kill(server.pid, 'SIGKILL');
    expect(await server.exited).toBe('signal SIGKILL');
    expect(await readdir(join(home, 'server'))).not.toContain('dev.json');
    expect(await runIdOf(await start({ home }), 'survivor')).toBe(runId);
  });

  test('starts though a first start was killed while it made the data file', async () => {
    const home = await temporaryFolder();
    await mkdir(join(home, 'server'));
    await writeFile(join(home, 'server', 'temporal.db'), '');
    await writeFile(join(home, 'server', 'temporal.db.first-start'), '');
    await startJob(await start({ home }), 'first');
    expect(await readdir(join(home, 'server'))).not.toContain('temporal.db.first-start');
  });
});

describe('an ephemeral dev server', () => {
  test('runs beside others and leaves nothing', async () => {
    const home = join(await temporaryFolder(), 'never-made');
    const servers = await Promise.all([start({ home, ephemeral: true }), start({ home, ephemeral: true })]);
    expect(new Set(servers.map(({ address }) => address)).size).toBe(2);
    await Promise.all(servers.map((server) => startJob(server, 'same-id')));
    await Promise.all(servers.map((server) => server.stop()));
    for (const { pid, logFile } of servers) {
      await gone(pid, 0);
      await expect(access(logFile)).rejects.toMatchObject({ code: 'ENOENT' });
    }
    await expect(access(home)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('takes the ports that it is given, and refuses those that are taken', async () => {
    const home = await temporaryFolder();
    const { address, stop } = await start({ home, ephemeral: true });
    const port = Number(address.split(':')[1]);
    await expect(start({ home, ephemeral: true, port })).rejects.toThrow(`port ${port} can't be used on 127.0.0.1`);
    await stop();
    expect(await start({ home, ephemeral: true, port })).toMatchObject({ address: `127.0.0.1:${port}` });
  });
});

describe('opening a server', () => {
  test('uses the one that TEMPORAL_ADDRESS names, and does not stop it', async () => {
    const home = await temporaryFolder();
    const { address } = await start({ home, ephemeral: true });
    const server = await openServer({ home, env: { ...process.env, TEMPORAL_ADDRESS: address } });
    expect(server).toMatchObject({ kind: 'address', address });
    await server.stop();
    await startJob({ address }, 'still-there');
  });

  test('starts one where TEMPORAL_ADDRESS is not set', async () => {
    const home = await temporaryFolder();
    const env = { ...process.env, TEMPORAL_ADDRESS: '' };
    const server = await openServer({ home, env, executable: await temporal(), ephemeral: true, port: 0, uiPort: 0 });
    expect(server.kind).toBe('started');
    await startJob(server, 'first');
    await server.stop();
  });
});
