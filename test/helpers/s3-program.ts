import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { oneAtATime } from '../../client/dev-server/one-at-a-time.js';
import { programsOnPath } from '../../system/processes/find-program.js';
import { runProcess } from '../../system/processes/run-process.js';
import { programName } from '../../client/dev-server/search.js';

/** Versity's S3 gateway over a folder, under the Apache licence; it builds in 1½ minutes on two cores. */
const version = 'v1.8.0';
const goPackage = `github.com/versity/versitygw/cmd/versitygw@${version}`;
const name = programName('versitygw');
const timeoutMs = 20 * 60_000;

/**
 * A real S3 server's program: on the PATH, kept from before in the user's cache folder, or built from the Go module
 * proxy, once. Undefined, with one line on the console, where there is no Go to build it.
 */
export async function findS3Program(env = process.env): Promise<string | undefined> {
  const [onPath] = await programsOnPath('versitygw', env);
  const folder = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'model-jobs', 'versitygw', version);
  const kept = join(folder, name);
  if (onPath ?? (await isThere(kept))) return onPath ?? kept;
  const [go] = await programsOnPath('go', env);
  const made = go === undefined ? '`go` is not on the PATH' : await buildOnce(go, folder, env);
  if (made === undefined) return kept;
  console.warn(`no S3 server, its tests are skipped: ${made}`);
  return undefined;
}

/** Returns why there is no program, or undefined when it is there. */
async function buildOnce(go: string, folder: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  await mkdir(folder, { recursive: true });
  const report = (line: string) => void process.stderr.write(`${line}\n`);
  const waiting = (pid: number) => `process ${pid} is building the S3 server of the tests already: waiting for it`;
  return oneAtATime(join(folder, 'making.lock'), { report, signal: undefined }, waiting, async () => {
    if (await isThere(join(folder, name))) return undefined;
    report(`building the S3 server of the tests with \`go install ${goPackage}\`, this once`);
    const making = await mkdtemp(join(folder, 'making-'));
    try {
      const goEnv = { ...env, GOBIN: making };
      const run = await runProcess(go, ['install', goPackage], { env: goEnv, cwd: making, timeoutMs });
      if (!run.ok) return run.reason;
      await rename(join(making, name), join(folder, name));
      return undefined;
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  });
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
