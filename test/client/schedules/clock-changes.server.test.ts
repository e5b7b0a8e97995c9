import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { modelSpecFromPreset, type JobScheduleInput } from '../../../planner/index.js';
import { connectTemporal } from '../../helpers/temporal.js';

const temporal = await connectTemporal();
const { jobs } = temporal;

/** The slots (UTC) of a schedule in a stretch of time, as the server has them. */
async function slotsOf(times: Omit<JobScheduleInput, 'id' | 'request'>, from: string, to: string): Promise<string[]> {
  const request = { kind: 'Warmup' as const, backend: 'onnx' as const, spec: modelSpecFromPreset('distilbert-sst2') };
  const handle = await jobs.schedules.create({ id: `clock-${randomUUID()}`, request, paused: true, ...times });
  const { startTime } = await temporal.client.workflowService.listScheduleMatchingTimes({
    namespace: 'default',
    scheduleId: handle.scheduleId,
    startTime: { seconds: Date.parse(from) / 1000 } as never,
    endTime: { seconds: Date.parse(to) / 1000 } as never,
  });
  await handle.delete();
  return startTime.map(({ seconds }) => new Date(Number(seconds) * 1000).toISOString().slice(5, 16).replace('T', ' '));
}

/** A few hours around each change of clocks in 2026, in UTC. */
const nights = {
  'back in Berlin (01:00 UTC)': ['Europe/Berlin', '2026-10-24T22:30:00Z', '2026-10-25T03:30:00Z'],
  'back in New York (06:00 UTC)': ['America/New_York', '2026-11-01T03:30:00Z', '2026-11-01T08:30:00Z'],
  'forward in Berlin (01:00 UTC)': ['Europe/Berlin', '2026-03-28T22:30:00Z', '2026-03-29T03:30:00Z'],
  'forward in New York (07:00 UTC)': ['America/New_York', '2026-03-08T04:30:00Z', '2026-03-08T09:30:00Z'],
} as const;

// The table of docs/schedules.md.
test.each([
  ['back in Berlin (01:00 UTC)', '0 * * * *', ['10-24 23:00', '10-25 00:00', '10-25 02:00', '10-25 03:00']],
  ['back in Berlin (01:00 UTC)', '30 2 * * *', ['10-25 01:30']],
  [
    'back in New York (06:00 UTC)',
    '0 * * * *',
    ['04:00', '05:00', '06:00', '07:00', '08:00'].map((at) => `11-01 ${at}`),
  ],
  ['back in New York (06:00 UTC)', '30 1 * * *', ['11-01 05:30', '11-01 06:30']],
  ['forward in Berlin (01:00 UTC)', '0 * * * *', ['03-28 23:00', ...[0, 1, 2, 3].map((hour) => `03-29 0${hour}:00`)]],
  ['forward in Berlin (01:00 UTC)', '30 2 * * *', []],
  ['forward in New York (07:00 UTC)', '0 * * * *', [5, 6, 7, 8, 9].map((hour) => `03-08 0${hour}:00`)],
  ['forward in New York (07:00 UTC)', '30 2 * * *', []],
] as const)('when clocks go %s, `%s` has its slots at %j', async (night, cron, slots) => {
  const [timeZone, from, to] = nights[night];
  expect(await slotsOf({ cron, timeZone }, from, to)).toEqual(slots);
});

test.each(Object.entries(nights))(
  'when clocks go %s, an interval of an hour leaves none out',
  async (_, [, from, to]) => {
    expect(await slotsOf({ every: '1h' }, from, to)).toHaveLength(5);
  },
);
