import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { ModelJobsClient } from '../../../client/job-client.js';
import { runCli } from '../../../client/cli/program.js';
import type { JobSnapshot, ModelAccessJobResult, ModelJobKind } from '../../../planner/index.js';
import { fakeActivities } from '../../helpers/fake-activities.js';
import { connectTemporal } from '../../helpers/temporal.js';
import { untilAborted } from '../jobs/gate.js';
import { createTestIo, runInTest, type CliRun } from './test-io.js';

const temporal = await connectTemporal();
const { env } = temporal;

function request(kind: ModelJobKind): { id: string; stdin: string } {
  const id = `cli-${randomUUID()}`;
  const source = { kind: 'local_path', path: '/models/demo' };
  const spec = { name: 'demo/model', task: 'text_embedding', source, files: [] };
  return { id, stdin: JSON.stringify({ id, kind, backend: 'onnx', spec }) };
}

async function cli(args: string[], stdin = ''): Promise<CliRun> {
  return runInTest(args, { stdin, env });
}

test('run follows a job and prints its result', async () => {
  const { id, stdin } = request('Warmup');
  const { exitCode, stdout, stderr } = await temporal.withWorker(fakeActivities(), () => cli(['run', '-'], stdin));
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(new RegExp(`^${id} {2}succeeded in .*\n {2}warmed `));
  expect(stderr).toContain(`job ${id}\n`);
});

test('run --json prints the result alone on stdout', async () => {
  const { id, stdin } = request('Warmup');
  const { exitCode, stdout } = await temporal.withWorker(fakeActivities(), () => cli(['run', '-', '--json'], stdin));
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout) as ModelAccessJobResult).toMatchObject({ jobId: id, output: { warmed: true } });
});

test('run exits with 1 when the job fails, and says why', async () => {
  const { id, stdin } = request('ValidateBundle');
  const failing = fakeActivities('not found: bundle `x` does not exist');
  const { exitCode, stdout, stderr } = await temporal.withWorker(failing, () => cli(['run', '-', '--json'], stdin));
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { jobId: id, code: 'NotFound' } });
  expect(stderr).toContain(`job ${id} failed: not found: bundle \`x\` does not exist`);
});

test('Ctrl-C during run cancels the job, waits for its end and exits with 130', async () => {
  const { id, stdin } = request('Warmup');
  const { io, stderr, interrupt } = createTestIo({ stdin, env });
  const activities = { ...fakeActivities(), warmRuntime: untilAborted };
  const exitCode = await temporal.withWorker(activities, async () => {
    const exit = runCli(['run', '-'], io);
    await expect.poll(stderr, { timeout: 10_000 }).toContain('warming model runtime');
    interrupt();
    return exit;
  });
  expect(exitCode).toBe(130);
  expect(stderr()).toContain(`cancelling ${id} and waiting for its end`);
  expect(stderr()).toContain(`job ${id} was cancelled`);
  expect((await status(id)).status).toBe('cancelled');
});

test('a second Ctrl-C leaves the job at once', async () => {
  const { id, stdin } = request('Warmup');
  const { io, stderr, interrupt } = createTestIo({ stdin, env });
  const exit = runCli(['run', '-'], io);
  await expect.poll(stderr, { timeout: 10_000 }).toContain('queued: no worker has taken it yet');
  interrupt();
  await expect.poll(async () => (await status(id)).status, { timeout: 10_000 }).toBe('cancelling');
  interrupt();
  expect(await exit).toBe(130);
  expect(stderr()).toContain(`left job ${id}`);
  await temporal.client.workflow.getHandle(id).terminate();
});

test('Ctrl-C during watch leaves the job as it is', async () => {
  const { id, stdin } = request('Warmup');
  await cli(['start', '-'], stdin);
  const { io, stderr, interrupt } = createTestIo({ env });
  const exit = runCli(['watch', id], io);
  await expect.poll(stderr, { timeout: 10_000 }).toContain('queued: no worker has taken it yet');
  interrupt();
  expect(await exit).toBe(130);
  expect(stderr()).toContain(`left job ${id}, which goes on`);
  expect((await status(id)).status).toBe('queued');
  await temporal.client.workflow.getHandle(id).terminate();
});

test('start prints the job id alone, and the other commands take it', async () => {
  const { id, stdin } = request('Warmup');
  const started = await cli(['start', '-'], stdin);
  expect(started).toMatchObject({ exitCode: 0, stdout: `${id}\n` });
  expect(started.stderr).toContain(`model-jobs watch ${id}`);
  expect((await cli(['status', id])).stdout).toMatch(new RegExp(`^${id} {2}queued for `));

  const again = await cli(['start', '-'], stdin);
  expect(again.exitCode).toBe(2);
  expect(again.stderr).toContain(`already exists: job \`${id}\``);
  expect(await cli(['start', '-', '--join', '--json'], stdin)).toMatchObject({ exitCode: 0 });

  const [watched, awaited] = await temporal.withWorker(fakeActivities(), () =>
    Promise.all([cli(['watch', id]), cli(['result', id, '--json'])]),
  );
  expect(watched.exitCode).toBe(0);
  expect(watched.stdout).toContain(`${id}  succeeded in`);
  expect(JSON.parse(awaited.stdout)).toMatchObject({ jobId: id });
});

test('watch --json prints one update a line, the last with the terminal snapshot', async () => {
  const { id, stdin } = request('Download');
  const { exitCode, stdout } = await temporal.withWorker(fakeActivities(), async () => {
    await cli(['start', '-'], stdin);
    return cli(['watch', id, '--json']);
  });
  expect(exitCode).toBe(0);
  const updates = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { snapshot: JobSnapshot });
  expect(updates.at(-1)?.snapshot).toMatchObject({ spec: { id }, status: 'succeeded' });
});

test('cancel --wait waits until the job has stopped, and result then exits with 130', async () => {
  const { id, stdin } = request('Warmup');
  const activities = { ...fakeActivities(), warmRuntime: untilAborted };
  const cancelled = await temporal.withWorker(activities, async () => {
    await cli(['start', '-'], stdin);
    return cli(['cancel', id, '--wait', '--json', '--reason', 'enough']);
  });
  expect([cancelled.exitCode, JSON.parse(cancelled.stdout)]).toEqual([0, { jobId: id, status: 'cancelled' }]);
  expect((await cli(['result', id])).exitCode).toBe(130);
  expect((await cli(['cancel', id])).exitCode).toBe(0);
});

test('list --json prints the jobs, and finds them by kind and status', async () => {
  const { id, stdin } = request('MaterializeBundle');
  await temporal.withWorker(fakeActivities(), () => cli(['run', '-'], stdin));
  const ids = async (): Promise<string[]> => {
    const { stdout } = await cli(['list', '--kind', 'materialize-bundle', '--status', 'succeeded', '--json']);
    return (JSON.parse(stdout) as { jobId: string }[]).map(({ jobId }) => jobId);
  };
  await expect.poll(ids, { timeout: 10_000 }).toContain(id);
});

test('an unknown job exits with 2', async () => {
  for (const command of ['status', 'watch', 'result', 'cancel']) {
    const { exitCode, stderr } = await cli([command, 'nobody-started-this']);
    expect([command, exitCode]).toEqual([command, 2]);
    expect(stderr).toBe('model-jobs: not found: job `nobody-started-this` does not exist on this server\n');
  }
});

async function status(jobId: string): Promise<JobSnapshot> {
  return new ModelJobsClient({ client: temporal.client }).getHandle(jobId).snapshot();
}
