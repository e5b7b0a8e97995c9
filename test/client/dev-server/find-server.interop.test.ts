import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findServer } from '../../../client/dev-server/index.js';
import { gone } from './processes.js';
import { fakeGo, fakeTemporal, shellScript, surroundings, temporaryFolder } from './programs.js';

test('TEMPORAL_ADDRESS wins over everything, and nothing is run', async () => {
  const bin = await temporaryFolder();
  await shellScript(join(bin, 'temporal'), `touch '${bin}/was-run'`);
  const { env } = await surroundings(bin);
  const found = await findServer({ env: { ...env, TEMPORAL_ADDRESS: 'temporal.example:7233' } });
  expect(found).toEqual({ kind: 'address', address: 'temporal.example:7233' });
  expect(await readdir(bin)).toEqual(['temporal']);
});

test('a temporal on the PATH is taken before a kept one', async () => {
  const bin = await temporaryFolder();
  const path = await fakeTemporal(bin, '1.2.3');
  const { env, cache } = await surroundings(bin);
  await fakeTemporal(cache, '1.5.1');
  expect(await findServer({ env })).toEqual({
    kind: 'executable',
    path,
    version: 'temporal version 1.2.3 (Server 9, UI 9)',
  });
});

test('a broken temporal and another program of that name are passed over, with a message', async () => {
  const [broken, other, good] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
  await shellScript(join(broken, 'temporal'), 'echo wrong architecture >&2; exit 126');
  await shellScript(join(other, 'temporal'), 'echo a calendar');
  const { env, cache } = await surroundings(broken, other);
  const path = await fakeTemporal(cache);
  const messages: string[] = [];
  expect(await findServer({ env, report: (message) => messages.push(message) })).toMatchObject({ path });
  expect(messages[0]).toContain(`${broken}/temporal does not work`);
  expect(messages[0]).toContain('wrong architecture');
  expect(messages[0]).toContain(`${other}/temporal is not the Temporal CLI: --version printed "a calendar"`);
  const onPath = await fakeTemporal(good);
  const later = { ...env, PATH: `${env.PATH}:${good}` };
  expect(await findServer({ env: later })).toMatchObject({ path: onPath });
});

test('a folder and a file that is not executable, both named temporal, and a relative PATH entry are no candidates', async () => {
  const [folder, plain] = [await temporaryFolder(), await temporaryFolder()];
  await mkdir(join(folder, 'temporal'));
  await writeFile(join(plain, 'temporal'), '');
  const { env, cache } = await surroundings(folder, plain, '.', 'bin');
  const path = await fakeTemporal(cache);
  const messages: string[] = [];
  expect(await findServer({ env, report: (message) => messages.push(message) })).toMatchObject({ path });
  expect(messages[0]).toBe('looked for `temporal` on the PATH: not there');
});

test('without any binary it is built once, then kept', async () => {
  const bin = await temporaryFolder();
  const go = await fakeGo(bin);
  const { env, cache } = await surroundings(bin);
  const messages: string[] = [];
  const report = (message: string) => messages.push(message);
  const expected = { kind: 'executable', path: join(cache, 'temporal'), version: 'temporal version 0.0.0-DEV' };
  expect(await findServer({ env, report })).toEqual(expected);
  expect(await readFile(join(bin, 'calls'), 'utf8')).toBe('install github.com/temporalio/cli/cmd/temporal@v1.5.1\n');
  const text = messages.join('\n');
  expect(text).toContain('looked for a Temporal CLI kept from before: none at ');
  expect(text).toMatch(/looked for the SDK's own download: the proxy .* for temporal\.download can't be reached/);
  expect(text).toContain('usually 3 to 6 minutes on two cores, this once');
  expect(text).toContain(`it is then kept in ${cache}`);
  expect(await findServer({ env })).toEqual(expected);
  expect(await go.calls()).toBe(1);
  expect(await readdir(cache)).toEqual(['temporal']);
});

test('a kept binary that broke is built again', async () => {
  const bin = await temporaryFolder();
  await fakeGo(bin);
  const { env, cache } = await surroundings(bin);
  await shellScript(join(cache, 'temporal'), 'exit 1');
  expect(await findServer({ env })).toMatchObject({ version: 'temporal version 0.0.0-DEV' });
});

test('a failed build ends with every way that was tried, why it failed and what to do', async () => {
  const bin = await temporaryFolder();
  await shellScript(join(bin, 'go'), 'echo "go: proxy says 403" >&2', 'exit 1');
  const { env, cache } = await surroundings(bin);
  const error = await findServer({ env }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'MissingDependency', retryable: false });
  const { message, problems } = error as { message: string; problems: { path: string }[] };
  expect(problems.map(({ path }) => path)).toEqual([
    '`temporal` on the PATH',
    'a Temporal CLI kept from before',
    "the SDK's own download",
    'a build from the Go module proxy',
  ]);
  expect(message).toContain('go: proxy says 403');
  expect(message).toMatch(/Install the Temporal CLI .* or Go .*, or set TEMPORAL_ADDRESS/);
  expect(await readdir(cache)).toEqual([]);
});

test('a build that puts out a binary that does not run is not kept', async () => {
  const bin = await temporaryFolder();
  await shellScript(join(bin, 'go'), `printf '#!/bin/sh\\nexit 1\\n' > "$GOBIN/temporal"`);
  const { env, cache } = await surroundings(bin);
  await expect(findServer({ env })).rejects.toMatchObject({ code: 'MissingDependency' });
  expect(await readdir(cache)).toEqual([]);
});

test('without Go and with a cache folder that cannot be made the error says so', async () => {
  const { env } = await surroundings();
  const noGo = { ...env, PATH: await temporaryFolder() };
  await expect(findServer({ env: noGo })).rejects.toThrow('a build from the Go module proxy: `go` is not on the PATH');
  const bin = await temporaryFolder();
  await fakeGo(bin);
  const noCache = { ...env, PATH: bin, XDG_CACHE_HOME: join(bin, 'go') };
  await expect(findServer({ env: noCache })).rejects.toThrow(/ENOTDIR: .*model-jobs/);
});

test('an abort ends the whole process tree of the build and leaves no lock and no half made file', async () => {
  const bin = await temporaryFolder();
  const pids = join(bin, 'pids');
  await shellScript(
    join(bin, 'go'),
    'trap "" TERM',
    'sleep 60 &',
    `echo $$ $! > '${pids}.new'`,
    `mv '${pids}.new' '${pids}'`,
    'wait',
  );
  const { env, cache } = await surroundings(bin);
  const controller = new AbortController();
  const found = findServer({ env, signal: controller.signal }).catch((reason: unknown) => reason);
  const [go, compiler] = await whenWritten(pids);
  expect(await readdir(cache)).toContainEqual(expect.stringMatching(/\.lock$/));
  controller.abort();
  expect(await found).toMatchObject({ code: 'Cancelled' });
  await gone(Number(go), 100);
  await gone(Number(compiler), 100);
  expect(await readdir(cache)).toEqual([]);
});

async function whenWritten(path: string): Promise<string[]> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text) return text.trim().split(' ');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
