import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that goes when the test has ended. */
export async function temporaryFolder(name = 'dev-server'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `model-jobs-test-${name}-`));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes an executable shell script and returns its path. */
export async function shellScript(path: string, ...lines: string[]): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(path, 0o755);
  return path;
}

/** A program that answers `--version` as the Temporal CLI does, and nothing else. */
export async function fakeTemporal(folder: string, version = '9.9.9'): Promise<string> {
  return await shellScript(join(folder, 'temporal'), `echo "temporal version ${version} (Server 9, UI 9)"`);
}

/** A `go` that takes so long or until it is told, notes each call in `calls` and puts a working `temporal` into GOBIN. */
export async function fakeGo(
  folder: string,
  seconds = 0,
): Promise<{ calls: () => Promise<number>; finish: () => Promise<void> }> {
  const log = join(folder, 'calls');
  const told = join(folder, 'told');
  const temporal = '#!/bin/sh\\necho "temporal version 0.0.0-DEV"\\n';
  await shellScript(
    join(folder, 'go'),
    `echo "$@" >> '${log}'`,
    `for tenth in $(seq ${seconds * 10}); do [ -e '${told}' ] || sleep 0.1; done`,
    `printf '${temporal}' > "$GOBIN/temporal"`,
  );
  return {
    calls: async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').filter(Boolean).length,
    finish: () => writeFile(told, ''),
  };
}

/** Surroundings with an empty cache, nothing but `folders` and the system's tools on the PATH, and no way out. */
export async function surroundings(...folders: string[]): Promise<{ env: NodeJS.ProcessEnv; cache: string }> {
  const cacheHome = await temporaryFolder('cache');
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const address = closed.address();
  closed.close();
  const proxy = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const env = { PATH: [...folders, '/bin', '/usr/bin'].join(':'), XDG_CACHE_HOME: cacheHome, HTTPS_PROXY: proxy };
  return { env, cache: join(cacheHome, 'model-jobs', 'temporal', 'v1.5.1') };
}
