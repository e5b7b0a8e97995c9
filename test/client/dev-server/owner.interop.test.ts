import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { readRunningDev } from '../../../client/dev-server/index.js';
import { compiledRoom, gone, runModule } from './processes.js';
import { temporaryFolder } from './programs.js';
import { firstBuildMs, runIdOf, start, startJob, temporal } from './servers.js';

beforeAll(temporal, firstBuildMs);

const live = 'setInterval(() => undefined, 1000);';

/** A process that starts a dev server, prints the server's pid and its log's path, and then does as told. */
async function owner(options: { home: string; ephemeral?: boolean }, then = live) {
  const ways = JSON.stringify({ ...options, executable: await temporal(), port: 0, uiPort: 0 });
  const program = runModule(`
    import { startDevServer } from '${await compiledRoom()}/index.js';
    const { pid, logFile } = await startDevServer(${ways});
    console.log('server ' + pid + ' ' + logFile);
    ${then}
  `);
  const [, pid, logFile] = (await program.line('server ')).split(' ');
  return { ...program, serverPid: Number(pid), logFile: logFile ?? '' };
}

test.each([
  ['exits', 'process.exit(0);'],
  ['is ended by SIGTERM', `process.kill(process.pid, "SIGTERM"); ${live}`],
])('the server goes when its owner %s', async (_how, then) => {
  const { ended, serverPid } = await owner({ home: await temporaryFolder() }, then);
  await ended;
  await gone(serverPid, 12_000);
});

test('an ephemeral server that its owner did not stop takes its log with it', async () => {
  const { ended, serverPid, logFile } = await owner({ home: 'unused', ephemeral: true }, 'process.exit(0);');
  await ended;
  await gone(serverPid, 12_000);
  await expect(access(logFile)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a Ctrl-C on the terminal leaves the server to its owner, which may need it to end its work', async () => {
  const { child, serverPid, line, ended } = await owner(
    { home: await temporaryFolder() },
    `process.once('SIGINT', () => console.log('interrupted'));
     ${live}`,
  );
  process.kill(-child.pid, 'SIGINT');
  await line('interrupted');
  await sleep(300);
  expect(() => process.kill(serverPid, 0)).not.toThrow();
  child.kill('SIGTERM');
  await ended;
  await gone(serverPid, 12_000);
});

test('a server whose owner was killed is ended by the next start, which has its jobs', async () => {
  const home = join(await temporaryFolder(), 'home');
  const { child, ended, serverPid } = await owner({ home });
  const orphan = await readRunningDev(home);
  const runId = await startJob({ address: orphan?.address ?? '' }, 'survivor');
  child.kill('SIGKILL');
  await ended;
  expect(await readRunningDev(home)).toEqual(orphan);
  const messages: string[] = [];
  const report = (message: string) => messages.push(message);
  const server = await start({ home, report });
  await gone(serverPid, 0);
  expect(messages[0]).toContain(`ending the dev server ${serverPid} that the killed process ${child.pid} left`);
  expect(await runIdOf(server, 'survivor')).toBe(runId);
});
