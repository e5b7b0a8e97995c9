import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { Activities } from '../../../activities/index.js';
import type { JobScheduleHandle } from '../../../client/schedules/index.js';
import { modelSpecFromPreset, type JobScheduleInput, type ModelAccessJobRequest } from '../../../planner/index.js';
import { fakeActivities } from '../../helpers/fake-activities.js';
import { connectTemporal } from '../../helpers/temporal.js';
import { openGate, type Gate } from '../jobs/gate.js';

const temporal = await connectTemporal();
const { jobs } = temporal;
const made: JobScheduleHandle[] = [];

afterEach(async () => {
  await Promise.all(made.splice(0).map((schedule) => schedule.delete().catch(() => undefined)));
});

const request = {
  kind: 'Inference' as const,
  backend: 'onnx' as const,
  spec: modelSpecFromPreset('distilbert-sst2'),
  inputs: [{ kind: 'localPath' as const, value: '/data/{date}T{HH}{mm}.jsonl' }],
};

async function create(
  schedule: Omit<JobScheduleInput, 'id' | 'request'>,
  given: object = {},
): Promise<JobScheduleHandle> {
  const handle = await jobs.schedules.create({
    id: `schedule-${randomUUID()}`,
    request: { ...request, ...given },
    ...schedule,
  });
  made.push(handle);
  return handle;
}

/** Activities that keep what they are asked, and may wait at a gate. */
function recording(gate?: Gate): { activities: Activities; paths: string[] } {
  const paths: string[] = [];
  const activities = fakeActivities();
  const runInference = async (given: ModelAccessJobRequest) => {
    for (const input of given.inputs) if (input.kind === 'localPath') paths.push(input.value);
    await gate?.pass();
    return activities.runInference(given);
  };
  return { activities: { ...activities, runInference }, paths };
}

const patient = { timeout: 20_000, interval: 100 };

test('a schedule starts a job every second, each under the slot’s own id and time', async () => {
  const { activities, paths } = recording();
  const inputs = [{ kind: 'localPath', value: '/data/{date}T{HH}{mm}{ss}' }];
  await temporal.withWorker(activities, async () => {
    const handle = await create({ every: '1s' }, { inputs });
    await expect.poll(() => paths.length, patient).toBeGreaterThanOrEqual(3);
    await handle.pause();
    const { recent } = await handle.describe();
    const [job] = recent;
    expect(job?.jobId).toMatch(new RegExp(`^${handle.scheduleId}-\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$`));
    const result = await jobs.getHandle(job?.jobId ?? '').result();
    const slot = job?.jobId.slice(handle.scheduleId.length + 1, -1) ?? '';
    expect(result.jobId).toBe(job?.jobId);
    expect(paths).toContain(`/data/${slot.replaceAll(':', '')}`);
  });
  expect(new Set(paths).size).toBe(paths.length);
});

test('a job of a schedule says so: in its record, its search attributes and the Web UI', async () => {
  await temporal.withWorker(recording().activities, async () => {
    const handle = await create({ cron: '0 0 1 1 *' });
    const jobId = (await handle.trigger()) ?? '';
    await jobs.getHandle(jobId).result();
    const description = await temporal.client.workflow.getHandle(jobId).describe();
    const slot = jobId.slice(handle.scheduleId.length + 1);
    const attributes = description.typedSearchAttributes.getAll();
    expect(attributes.map(({ key, value }) => [key.name, value])).toEqual(
      expect.arrayContaining([
        ['TemporalScheduledById', handle.scheduleId],
        ['TemporalScheduledStartTime', new Date(slot)],
      ]),
    );
    expect(await description.staticSummary()).toMatch(`schedule ${handle.scheduleId}`);
    expect(await description.staticDetails()).toContain(`- Schedule: \`${handle.scheduleId}\`, time zone UTC`);
    expect((await jobs.getHandle(jobId).snapshot()).metadata).toMatchObject({
      'schedule.id': handle.scheduleId,
      'schedule.time': new Date(slot).toISOString(),
    });
  });
});

test('a slot that falls due while a job runs is skipped, and counted', async () => {
  const gate = openGate();
  const { activities, paths } = recording(gate);
  await temporal.withWorker(activities, async () => {
    const handle = await create({ every: '1s' });
    const skipped = async () => (await handle.describe()).counts.skippedOverlap;
    await expect.poll(skipped, patient).toBeGreaterThanOrEqual(2);
    const { running, counts } = await handle.describe();
    expect([running.length, counts.started, paths.length]).toEqual([1, 1, 1]);
    await handle.pause();
    gate.open();
    await jobs.getHandle(running[0] ?? '').result();
    await expect.poll(async () => (await handle.describe()).running, patient).toEqual([]);
  });
});

test('a pause stops it with a note, and unpause lets it go on', async () => {
  const { activities } = recording();
  await temporal.withWorker(activities, async () => {
    const handle = await create({ every: '1s', paused: true, note: 'not yet' });
    expect((await handle.describe()).schedule).toMatchObject({ paused: true, note: 'not yet' });
    await sleep(2500);
    expect((await handle.describe()).counts.started).toBe(0);
    await handle.unpause();
    const started = async () => (await handle.describe()).counts.started;
    await expect.poll(started, patient).toBeGreaterThanOrEqual(2);
    await handle.pause('enough');
    const before = await started();
    await sleep(2500);
    expect(await handle.describe()).toMatchObject({
      schedule: { paused: true, note: 'enough' },
      counts: { started: before },
    });
  });
});

test('a backfill of three days reads the three days’ files, in order', async () => {
  const { activities, paths } = recording();
  await temporal.withWorker(activities, async () => {
    const handle = await create({ cron: '30 23 * * *', timeZone: 'America/New_York', paused: true });
    const range = { from: new Date('2026-03-08T04:30:00Z'), to: new Date('2026-03-10T03:30:00Z') };
    expect(await handle.backfill(range)).toEqual({ slots: 3, more: false });
    await expect.poll(() => paths.length, patient).toBe(3);
    expect(paths).toEqual([
      '/data/2026-03-07T2330.jsonl',
      '/data/2026-03-08T2330.jsonl',
      '/data/2026-03-09T2330.jsonl',
    ]);
    await expect.poll(async () => (await handle.describe()).running, patient).toEqual([]);
    const { recent } = await handle.describe();
    // New York moved its clocks on 8 March: 23:30 was 04:30 UTC the night before, and is 03:30 UTC since.
    expect(recent.map(({ jobId }) => jobId.slice(handle.scheduleId.length + 1)).reverse()).toEqual([
      '2026-03-08T04:30:00Z',
      '2026-03-09T03:30:00Z',
      '2026-03-10T03:30:00Z',
    ]);
  });
});

test('a backfill takes the slots of its range, whatever the jitter, and refuses a range with none', async () => {
  const { activities, paths } = recording();
  await temporal.withWorker(activities, async () => {
    const handle = await create({ every: '1h', jitter: '50m', paused: true });
    const range = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-01T02:00:00Z') };
    expect(await handle.backfill(range, 'ALLOW_ALL')).toEqual({ slots: 3, more: false });
    await expect.poll(() => paths.length, patient).toBe(3);
    expect(paths.sort()).toEqual(['00', '01', '02'].map((hour) => `/data/2026-03-01T${hour}00.jsonl`));
    const none = { from: new Date('2026-03-01T00:00:01Z'), to: new Date('2026-03-01T00:59:59Z') };
    await expect(handle.backfill(none)).rejects.toThrow(/has no slot from 2026-03-01T00:00:01\.000Z to /);
  });
});

test('a trigger starts a job and names it, and obeys the overlap policy', async () => {
  const gate = openGate();
  await temporal.withWorker(recording(gate).activities, async () => {
    const handle = await create({ cron: '0 0 1 1 *' });
    const first = await handle.trigger();
    const skipped = await handle.trigger();
    await sleep(1100); // Each second is a slot of its own.
    const beside = await handle.trigger('ALLOW_ALL');
    gate.open();
    expect([skipped, beside === undefined, beside === first]).toEqual([undefined, false, false]);
    for (const jobId of [first, beside]) await jobs.getHandle(jobId ?? '').result();
  });
});

test('a schedule that pauses on failure pauses when a job fails', async () => {
  const failing = fakeActivities('not found: bundle `x` does not exist');
  await temporal.withWorker(failing, async () => {
    const handle = await create({ every: '1s', pauseOnFailure: true }, { kind: 'ValidateBundle' });
    await expect.poll(async () => (await handle.describe()).schedule.paused, patient).toBe(true);
    const { schedule, counts, recent } = await handle.describe();
    expect(schedule.note).toMatch(/paused due to workflow failure: .*/);
    expect([counts.started, recent[0]?.status]).toEqual([1, 'failed']);
  });
});

test('an update changes what it names and keeps the rest', async () => {
  const { activities, paths } = recording();
  await temporal.withWorker(activities, async () => {
    const handle = await create({ cron: '0 3 * * MON-FRI', overlap: 'BUFFER_ONE', jitter: '5m', note: 'weekdays' });
    await handle.update((now) => ({
      ...now,
      timeZone: 'Asia/Kathmandu',
      request: { ...now.request, inputs: [{ kind: 'localPath', value: '/other/{HH}' }] },
    }));
    const { schedule } = await handle.describe();
    expect(schedule).toMatchObject({
      calendars: [{ hour: '3', dayOfWeek: 'MON-FRI' }],
      timeZone: 'Asia/Kathmandu',
      overlap: 'BUFFER_ONE',
      jitter: '5m',
      catchupWindow: '10m',
      note: 'weekdays',
      paused: false,
    });
    const jobId = (await handle.trigger()) ?? '';
    await jobs.getHandle(jobId).result();
    const kathmandu = new Date(Date.parse(jobId.slice(handle.scheduleId.length + 1)) + 5.75 * 3_600_000);
    expect(paths).toEqual([`/other/${kathmandu.toISOString().slice(11, 13)}`]);
    await expect(handle.update((now) => ({ ...now, calendars: [] }))).rejects.toThrow(
      /expected cron, every or calendars/,
    );
  });
});

test('a schedule comes back from the server as it was written', async () => {
  const written = {
    every: ['1h30m', '1d/6h'],
    calendars: [
      { second: '*/10', minute: '5,35', hour: '8-18/2', dayOfMonth: '1', month: 'JAN-JUN', year: '2030-2031' },
    ],
    skip: [{ minute: '*', hour: '*', dayOfWeek: 'SUN', comment: 'rest' }],
    startAt: '2029-01-01T00:00:00.000Z',
    endAt: '2032-01-01T00:00:00.000Z',
    timeZone: 'Europe/Berlin',
    jitter: '2m',
    overlap: 'CANCEL_OTHER' as const,
    catchupWindow: '1h',
    pauseOnFailure: true,
    paused: true,
    note: 'as written',
    remainingRuns: 3,
  };
  const handle = await create(written);
  const { schedule, nextTimes } = await handle.describe();
  expect(schedule).toMatchObject(written);
  expect(schedule.request).toMatchObject(request);
  expect(nextTimes[0]).toMatch(/^2029-/);
});

test('schedules are listed, and those that start no job are left out', async () => {
  const handle = await create({ cron: '0 3 * * *', paused: true, note: 'listed' });
  const other = await temporal.client.schedule.create({
    scheduleId: `other-${randomUUID()}`,
    spec: { intervals: [{ every: '1d' }] },
    action: { type: 'startWorkflow', workflowType: 'cleanUp', taskQueue: temporal.taskQueue },
    state: { paused: true },
  });
  const list = async () => {
    const found = [];
    for await (const schedule of jobs.schedules.list()) found.push(schedule);
    return found;
  };
  const mine = async () => (await list()).find(({ scheduleId }) => scheduleId === handle.scheduleId);
  await expect.poll(mine, patient).toMatchObject({
    kind: 'Inference',
    paused: true,
    note: 'listed',
    times: { calendars: [{ hour: '3' }] },
    lastJobId: null,
  });
  expect((await list()).map(({ scheduleId }) => scheduleId)).not.toContain(other.scheduleId);
  await expect(jobs.schedules.getHandle(other.scheduleId).describe()).rejects.toThrow(/request is not valid/);
  await other.delete();
});

test('what the server refuses is refused by its field', async () => {
  const handle = await create({ cron: '0 3 * * *' });
  const again = { id: handle.scheduleId, request, cron: '0 3 * * *' };
  await expect(jobs.schedules.create(again)).rejects.toMatchObject({ code: 'AlreadyExists' });
  const attribute = { Team: { type: 'KEYWORD' as const, value: 'ml' } };
  await expect(create({ cron: '0 3 * * *', searchAttributes: attribute })).rejects.toMatchObject({
    code: 'InvalidArgument',
    problems: [{ path: 'searchAttributes.Team' }],
  });
  await expect(create({ cron: '0 99 * * *' })).rejects.toThrow(/^invalid argument: schedule: /);
  await expect(create({ every: '1s' }, { inputs: [{ kind: 'localPath', value: '/{YYYY}' }] })).rejects.toThrow(
    '{YYYY}',
  );
});

test('a search attribute that the server knows is on each run', async () => {
  const attribute = { CustomTeam: { type: 'KEYWORD' as const, value: 'ml' } };
  const { operatorService } = temporal.client.connection as unknown as {
    operatorService: { addSearchAttributes(request: object): Promise<unknown> };
  };
  await operatorService
    .addSearchAttributes({ namespace: 'default', searchAttributes: { CustomTeam: 2 } })
    .catch(() => undefined);
  await temporal.withWorker(recording().activities, async () => {
    const handle = await expect
      .poll(() => create({ cron: '0 0 1 1 *', searchAttributes: attribute }).catch(() => undefined), patient)
      .toBeDefined()
      .then(() => made[0]);
    expect((await handle?.describe())?.schedule.searchAttributes).toEqual(attribute);
    const jobId = (await handle?.trigger()) ?? '';
    const { typedSearchAttributes } = await temporal.client.workflow.getHandle(jobId).describe();
    expect(typedSearchAttributes.getAll()).toEqual(
      expect.arrayContaining([{ key: { name: 'CustomTeam', type: 'KEYWORD' }, value: 'ml' }]),
    );
    await jobs.getHandle(jobId).result();
  });
});

test('a deleted schedule is gone, and unknown whatever is asked', async () => {
  const handle = await create({ every: '1s', paused: true });
  await handle.delete();
  const range = { from: new Date(0), to: new Date() };
  const asked = [
    handle.describe(),
    handle.trigger(),
    handle.pause(),
    handle.unpause(),
    handle.backfill(range),
    handle.delete(),
  ];
  for (const answer of await Promise.allSettled(asked)) {
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'NotFound' } });
  }
});
