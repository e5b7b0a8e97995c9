import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { gone } from './processes.js';
import { shellScript, temporaryFolder } from './programs.js';
import { firstBuildMs, start, startJob, temporal } from './servers.js';

beforeAll(temporal, firstBuildMs);

test('a server that does not come up fails with how it ended and the end of its log', async () => {
  const home = await temporaryFolder();
  const broken = await shellScript(join(home, 'temporal'), 'echo "no such table: namespaces" >&2', 'exit 3');
  const attempt = start({ home, executable: broken });
  await expect(attempt).rejects.toMatchObject({ code: 'StateUnavailable' });
  await expect(attempt).rejects.toThrow(
    /ended while starting \(exit code 3\).*server\.log.*no such table: namespaces/s,
  );
  expect(await readdir(join(home, 'server'))).not.toContain('dev.json');
});

test('a server that does not come up is ended when it was not ready in time', async () => {
  const home = await temporaryFolder();
  const silent = await shellScript(join(home, 'temporal'), `echo $$ > '${home}/pid'`, 'sleep 60');
  const attempt = start({ home, executable: silent, ephemeral: true, readyTimeoutMs: 400 });
  await expect(attempt).rejects.toThrow('was not ready after 0.4 s');
  await gone(Number(await readFile(join(home, 'pid'), 'utf8')), 100);
});

test('a server that does not come up is ended by an abort', async () => {
  const home = await temporaryFolder();
  const silent = await shellScript(join(home, 'temporal'), `echo $$ > '${home}/pid'`, 'sleep 60');
  const signal = AbortSignal.timeout(400);
  await expect(start({ home, executable: silent, signal })).rejects.toMatchObject({ code: 'Cancelled' });
  await gone(Number(await readFile(join(home, 'pid'), 'utf8')), 100);
  expect(await readdir(join(home, 'server'))).not.toContain('start.lock');
});

test('a server that does not come up is reported as missing where the executable is not there', async () => {
  const home = await temporaryFolder();
  const attempt = start({ home, executable: join(home, 'nowhere'), ephemeral: true });
  await expect(attempt).rejects.toMatchObject({ code: 'MissingDependency' });
  await expect(attempt).rejects.toThrow(join(home, 'nowhere'));
});

test('a server that does not come up is tried on other ports when a program took one meanwhile', async () => {
  const home = await temporaryFolder();
  const once = `if [ ! -e '${home}/tried' ]; then touch '${home}/tried'; echo "bind: address already in use"; exit 1; fi`;
  const unlucky = await shellScript(join(home, 'temporal'), once, `exec '${await temporal()}' "$@"`);
  const messages: string[] = [];
  const report = (message: string) => messages.push(message);
  await startJob(await start({ home, executable: unlucky, ephemeral: true, report }), 'lucky');
  expect(messages.join('\n')).toContain('meanwhile: trying others');
});

test('a home that cannot be made is refused before anything is looked for', async () => {
  const file = await shellScript(join(await temporaryFolder(), 'file'));
  await expect(start({ home: file })).rejects.toMatchObject({ code: 'Io' });
  await expect(start({ home: file })).rejects.toThrow(`${file}/server can't be made`);
});
