import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ScheduleState, ScheduleSummary } from '../../../client/schedules/index.js';
import { fakeActivities } from '../../helpers/fake-activities.js';
import { connectTemporal } from '../../helpers/temporal.js';
import { runInTest, type CliRun } from '../cli/test-io.js';

const temporal = await connectTemporal();
const { env } = temporal;
let folder: string;
const made: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-jobs-schedule-cli-'));
});

afterEach(async () => {
  await Promise.all(made.splice(0).map((id) => cli('delete', id)));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const spec = { name: 'demo/model', task: 'ocr', source: { kind: 'local_path', path: '/m' }, files: [] };
const request = { kind: 'Inference', backend: 'onnx', spec };

function cli(...args: string[]): Promise<CliRun> {
  return runInTest(['schedule', ...args], { env });
}

async function json<T>(...args: string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await cli(...args, '--json');
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** A schedule of its own, and its id. */
async function create(flags: string[], value: object = request): Promise<string> {
  const id = `cli-schedule-${randomUUID()}`;
  const file = join(folder, `${id}.json`);
  await writeFile(file, JSON.stringify(value));
  made.push(id);
  await json('create', file, '--id', id, ...flags);
  return id;
}

test('create makes a schedule of a request and flags, and describe tells it to people', async () => {
  const id = await create([
    ...['--cron', '30 2 * * MON-FRI', '--every', '6h/5m', '--calendar', '{"hour":"9-17/2","month":"JAN"}'],
    ...['--skip', '{"minute":"*","hour":"*","dayOfMonth":25,"month":"DEC"}', '--time-zone', 'Europe/Berlin'],
    ...['--jitter', '5m', '--overlap', 'buffer-one', '--catchup-window', '1m', '--pause-on-failure', '--paused'],
    ...['--note', 'every weekday', '--remaining-runs', '9', '--start-at', '2030-01-01T00:00:00Z'],
  ]);
  const { exitCode, stdout } = await cli('describe', id);
  expect(exitCode).toBe(0);
  expect(stdout.split('\n')).toEqual([
    `${id}  paused`,
    '  job         Inference of demo/model on onnx',
    '  times       0 9-17/2 * JAN *; 30 2 * * MON-FRI; every 6h/5m without * * 25 DEC *',
    '  time zone   Europe/Berlin',
    '  policies    overlap BUFFER_ONE, catch-up 1m, jitter 5m, pauses on failure, 9 runs left',
    '  note        every weekday',
    expect.stringMatching(/^ {2}next \(UTC\) {2}2030-01-01 0\d:\d\d:\d\d, 2030-.*, 2030-.*, once unpaused$/) as string,
    '  jobs        0 started, 0 skipped for overlap, 0 missed',
    '',
  ]);
});

test('create takes a whole schedule from a file', async () => {
  const id = await create([], { request, cron: '0 3 * * *', pauseOnFailure: true, overlap: 'ALLOW_ALL' });
  const { schedule } = await json<ScheduleState>('describe', id);
  expect(schedule).toMatchObject({
    calendars: [{ hour: '3' }],
    pauseOnFailure: true,
    overlap: 'ALLOW_ALL',
    paused: false,
    request: { ...request, id: null },
  });
});

test('trigger prints the job’s id, which the other commands take', async () => {
  const id = await create(['--cron', '0 3 * * *']);
  await temporal.withWorker(fakeActivities(), async () => {
    const { exitCode, stdout } = await cli('trigger', id);
    expect([exitCode, stdout.startsWith(`${id}-20`)]).toEqual([0, true]);
    const result = await runInTest(['result', stdout.trim(), '--json'], { env });
    expect(JSON.parse(result.stdout)).toMatchObject({ jobId: stdout.trim(), kind: 'Inference' });
    const listed = async (): Promise<string> =>
      (await runInTest(['list', '--schedule', id, '--json'], { env })).stdout.trim();
    await expect
      .poll(async () => JSON.parse(await listed()) as unknown, { timeout: 10_000 })
      .toMatchObject([{ jobId: stdout.trim(), status: 'succeeded' }]);
  });
  const [job] = (await json<ScheduleState>('describe', id)).recent;
  expect((await cli('describe', id)).stdout).toContain(`  recent jobs\n    ${job?.jobId ?? ''}  `);
});

test('pause, unpause and list agree', async () => {
  const id = await create(['--cron', '0 3 * * *']);
  expect(await cli('pause', id, '--note', 'holidays')).toMatchObject({ exitCode: 0, stdout: `${id}  paused\n` });
  const listed = async (): Promise<ScheduleSummary | undefined> =>
    (await json<ScheduleSummary[]>('list')).find(({ scheduleId }) => scheduleId === id);
  await expect.poll(listed, { timeout: 10_000 }).toMatchObject({ paused: true, note: 'holidays', kind: 'Inference' });
  expect(await json('unpause', id)).toEqual({ scheduleId: id, paused: false });
  await expect.poll(listed, { timeout: 10_000 }).toMatchObject({ paused: false });
  const line = (await cli('list')).stdout.split('\n').find((text) => text.startsWith(id));
  expect(line).toMatch(/ +Inference +active +0 3 \* \* \* +20\d\d-\d\d-\d\d 03:00:00 {2}-$/);
});

test('backfill says how many slots it runs, and refuses a range with none', async () => {
  const id = await create(['--cron', '0 3 * * *', '--paused']);
  await temporal.withWorker(fakeActivities(), async () => {
    const range = ['--from', '2026-03-01T03:00:00Z', '--to', '2026-03-03T03:00:00Z'];
    expect((await cli('backfill', id, ...range)).stdout).toBe(`${id}  backfilling 3 slots\n`);
    const ran = async () => (await json<ScheduleState>('describe', id)).recent.map(({ jobId }) => jobId.slice(-20));
    await expect.poll(ran, { timeout: 20_000 }).toEqual(['03', '02', '01'].map((day) => `2026-03-${day}T03:00:00Z`));
    await expect.poll(async () => (await json<ScheduleState>('describe', id)).running, { timeout: 10_000 }).toEqual([]);
  });
  const none = await cli('backfill', id, '--from', '2026-03-01T04:00:00Z', '--to', '2026-03-01T05:00:00Z');
  expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('has no slot from 2026-03-01T04:00')]);
});

test('update changes what is named: flags, the request, or all but the pause', async () => {
  const id = await create(['--cron', '0 3 * * *', '--jitter', '5m', '--paused', '--note', 'first']);
  const flagged = await json<ScheduleState>('update', id, '--every', '2h', '--no-pause-on-failure');
  expect(flagged.schedule).toMatchObject({ every: ['2h'], calendars: [], jitter: '5m', paused: true, note: 'first' });

  const file = join(folder, 'update.json');
  await writeFile(file, JSON.stringify({ ...request, kind: 'Warmup' }));
  const other = await json<ScheduleState>('update', id, file, '--jitter', '1m');
  expect(other.schedule).toMatchObject({ every: ['2h'], jitter: '1m', request: { kind: 'Warmup' } });

  await writeFile(file, JSON.stringify({ request, cron: '0 4 * * *' }));
  const whole = await json<ScheduleState>('update', id, file);
  expect(whole.schedule).toMatchObject({
    every: [],
    calendars: [{ hour: '4' }],
    jitter: '0s',
    paused: true,
    note: 'first',
  });
  expect(whole.schedule.request.kind).toBe('Inference');

  expect(await cli('update', id)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('nothing to change') as string,
  });
});

test('a schedule that is there already, and one that is not, exit with 2', async () => {
  const id = await create(['--cron', '0 3 * * *']);
  const again = await cli('create', join(folder, `${id}.json`), '--id', id, '--cron', '0 3 * * *');
  expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining(`schedule \`${id}\` exists already`)]);
  for (const command of ['describe', 'trigger', 'pause', 'unpause', 'delete']) {
    const { exitCode, stderr } = await cli(command, 'nobody-made-this');
    expect([command, exitCode]).toEqual([command, 2]);
    expect(stderr).toBe('model-jobs: not found: schedule `nobody-made-this` does not exist on this server\n');
  }
});
