import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import type { DevFacts } from '../../client/cli/dev/dev.js';
import { isAlive } from '../../system/processes/process-tree.js';

/** The built CLI: `npm test` builds it first. */
const program = fileURLToPath(new URL('../../dist/client/cli/main.js', import.meta.url));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-jobs-processes-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The CLI as a process of its own, whose home is `name` in the test's folder and which may run `sh`. */
function cli(name: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const { TEMPORAL_ADDRESS: _address, ...ours } = process.env;
  const child = execa(process.execPath, [program, ...args], {
    cwd: folder,
    reject: false,
    extendEnv: false,
    env: { ...ours, MODEL_JOBS_HOME: join(folder, name), MODEL_JOBS_COMMANDS: '/bin/sh', ...env },
  });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await child;
  });
  return child;
}

/** A request that runs a shell script. */
async function commandRequest(id: string, script: string): Promise<string> {
  const file = join(folder, `${id}.json`);
  const source = { kind: 'external_command', command: '/bin/sh' };
  const spec = { name: 'script', task: { custom: 'shell' }, source, files: [] };
  const options = { command: { args: ['-c', script] } };
  await writeFile(file, JSON.stringify({ id, kind: 'ExternalCommand', backend: 'external', spec, options }));
  return file;
}

/** A script that waits as long as its marker is there: no longer than the test's folder, even when nobody ends it. */
function waiting(marker: string): string {
  return `touch ${marker}; while [ -e ${marker} ]; do sleep 0.1; done;`;
}

/** Starts `dev` and waits until it is ready. */
async function startDev(name: string) {
  const dev = cli(name, ['dev', '--port', '0', '--ui-port', '0', '--json']);
  return { dev, facts: JSON.parse(await textOf(dev, 'stdout', /\n}\n$/)) as DevFacts };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** What a process has written when it matches. */
async function textOf(child: ReturnType<typeof cli>, stream: 'stdout' | 'stderr', wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child[stream].on('data', (chunk: Buffer) => {
      text += String(chunk);
      if (wanted.test(text)) resolve(text);
    });
    void child.then(() => reject(new Error(`the process ended before it wrote ${wanted}: ${text}`)));
  });
}

test('dev runs server and worker, other commands find it, and SIGTERM stops everything', async () => {
  const { dev, facts } = await startDev('home');
  expect(facts.uiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const file = await commandRequest('echo', 'echo hello');
  const run = await cli('home', ['run', file]);
  expect([run.exitCode, run.stderr]).toEqual([
    0,
    expect.stringContaining(`${facts.uiUrl}/namespaces/default/workflows/echo`),
  ]);
  expect(run.stdout).toMatch(/^echo {2}succeeded in [^]*stdout +hello/);

  dev.kill('SIGTERM');
  expect((await dev).exitCode).toBe(0);
  expect([facts.serverPid, facts.workerPid].map((pid) => isAlive(pid!))).toEqual([false, false]);
  expect((await cli('home', ['status', 'echo'])).exitCode).toBe(3);

  const again = await startDev('home');
  const { stdout } = await cli('home', ['status', 'echo', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'succeeded' });
  const second = await cli('home', ['dev']);
  expect([second.exitCode, second.stderr]).toEqual([2, expect.stringContaining('a dev server runs on')]);
  again.dev.kill('SIGINT');
  expect((await again.dev).exitCode).toBe(0);
});

test('dev starts a worker that died again, and its job goes on', async () => {
  const { facts } = await startDev('restarted');
  const marker = join(folder, 'first-attempt');
  const file = await commandRequest('survivor', `[ -e ${marker} ] && echo again || { ${waiting(marker)} }`);
  const run = cli('restarted', ['run', file, '--json']);
  await textOf(run, 'stderr', /running/);
  await expect.poll(() => isThere(marker), { timeout: 30_000 }).toBe(true);
  process.kill(facts.workerPid!, 'SIGKILL');
  const { exitCode, stdout } = await run;
  expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ jobId: 'survivor' })]);
});

test('a worker of its own drains on SIGTERM and SIGINT', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const worker = cli('worker', ['worker'], {
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      MODEL_JOBS_TASK_QUEUE: signal,
    });
    await textOf(worker, 'stderr', /worker started/);
    worker.kill(signal);
    const { exitCode, stdout, stderr } = await worker;
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toContain('worker drained');
  }
});

test('dev on a server that runs elsewhere runs a worker only, and leaves the server alone', async () => {
  const env = { TEMPORAL_ADDRESS: inject('temporalAddress'), MODEL_JOBS_TASK_QUEUE: 'elsewhere' };
  const dev = cli('elsewhere', ['dev', '--json'], env);
  const facts = JSON.parse(await textOf(dev, 'stdout', /\n}\n$/)) as DevFacts;
  expect(facts).toMatchObject({ address: env.TEMPORAL_ADDRESS, uiUrl: null, serverPid: null, taskQueue: 'elsewhere' });
  const run = await cli('elsewhere', ['run', await commandRequest('elsewhere', 'echo hello')], env);
  expect(run.exitCode).toBe(0);
  dev.kill('SIGTERM');
  expect((await dev).exitCode).toBe(0);
  expect((await cli('elsewhere', ['status', 'elsewhere'], env)).exitCode).toBe(0);
});

test('a worker with a bad configuration exits with 2 and names the variable', async () => {
  const env = { TEMPORAL_ADDRESS: inject('temporalAddress'), MODEL_JOBS_MAX_ACTIVITIES: 'many' };
  const { exitCode, stderr } = await cli('worker', ['worker'], env);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('MODEL_JOBS_MAX_ACTIVITIES');
});

test('Ctrl-C during run ends the job and its process, and exits with 130', async () => {
  const { dev } = await startDev('interrupted');
  const marker = join(folder, 'started');
  const file = await commandRequest('sleeper', waiting(marker));
  const run = cli('interrupted', ['run', file]);
  await expect.poll(() => isThere(marker), { timeout: 30_000 }).toBe(true);
  run.kill('SIGINT');
  const { exitCode, stderr } = await run;
  expect([exitCode, stderr]).toEqual([130, expect.stringContaining('job sleeper was cancelled')]);
  dev.kill('SIGTERM');
  await dev;
});

test('a list whose reader has gone ends without an error', async () => {
  const child = execa(process.execPath, [program, 'presets', '--json'], { reject: false });
  child.stdout.destroy();
  const { exitCode, stderr } = await child;
  expect([exitCode, stderr]).toEqual([0, '']);
});
