import { describe, expect, it } from 'vitest';
import {
  calendarOf,
  calendarRanges,
  durationMs,
  durationText,
  intervalText,
  ModelJobError,
  parseInterval,
  parseJobSchedule,
  scheduleIdOf,
  type Calendar,
} from '../../planner/index.js';

const request = {
  kind: 'Inference',
  backend: 'onnx',
  spec: { name: 'm', task: 'ocr', source: { kind: 'local_path', path: '/m' }, files: [] },
};

describe('a schedule', () => {
  it('needs a request and a time, and skips overlaps unless it says otherwise', () => {
    expect(parseJobSchedule({ request, cron: '0 2 * * *' })).toMatchObject({
      cron: ['0 2 * * *'],
      every: [],
      calendars: [],
      skip: [],
      timeZone: 'UTC',
      jitter: '0s',
      overlap: 'SKIP',
      catchupWindow: '10m',
      pauseOnFailure: false,
      paused: false,
    });
  });

  it('is named by its id, else by its request’s, else by the request', () => {
    const named = (id?: string, requestId?: string) =>
      scheduleIdOf(parseJobSchedule({ id, request: { ...request, id: requestId }, every: '1h' }));
    expect([named('a', 'b'), named(undefined, 'b'), named()]).toEqual(['a', 'b', 'model-inference-m-local']);
    expect(() => parseJobSchedule({ id: ' ', request, every: '1h' })).toThrow('schedule id must not be empty');
  });

  it.each([
    [{}, ''],
    [{ cron: '0 2 * *' }, 'cron'],
    [{ cron: ['@daily', 'CRON_TZ=UTC 0 2 * * *'] }, 'cron[1]'],
    [{ every: ['1h', '0s'] }, 'every[1]'],
    [{ every: ['1h/1h'] }, 'every[0]'],
    [{ every: '90' }, 'every'],
    [{ calendars: [{ hour: 24 }] }, 'calendars[0].hour'],
    [{ calendars: { houre: 2 } }, 'calendars'],
    [{ every: '1h', skip: [{ dayOfWeek: 'FUN' }] }, 'skip[0].dayOfWeek'],
    [{ every: '1h', timeZone: 'Mars/Base' }, 'timeZone'],
    [{ every: '1h', jitter: '-5m' }, 'jitter'],
    [{ every: '1h', overlap: 'WAIT' }, 'overlap'],
    [{ every: '1h', catchupWindow: 60 }, 'catchupWindow'],
    [{ every: '1h', startAt: '2026-03-01' }, 'startAt'],
    [{ every: '1h', startAt: '2026-03-02T00:00:00Z', endAt: '2026-03-01T00:00:00Z' }, 'endAt'],
    [{ every: '1h', remainingRuns: -1 }, 'remainingRuns'],
    [{ every: '1h', searchAttributes: { Team: { type: 'INT', value: 'x' } } }, 'searchAttributes.Team.value'],
    [{ every: '1h', overlapp: 'SKIP' }, ''],
    [{ every: '1h', request: { ...request, kind: 'Fly' } }, 'request.kind'],
  ])('that says %j is refused by the field `%s`', (changes, path) => {
    expect(problemsOf({ request, ...changes })).toEqual([path]);
  });
});

describe('a calendar', () => {
  it('has Temporal’s defaults: at midnight, on any day', () => {
    const { second, minute, hour, dayOfMonth, month, dayOfWeek } = calendarRanges({});
    expect([second, minute, hour]).toEqual(Array.from({ length: 3 }, () => [{ start: 0, end: 0, step: 1 }]));
    expect([dayOfMonth, month, dayOfWeek].map(([range]) => [range?.start, range?.end])).toEqual([
      [1, 31],
      [1, 12],
      [0, 6],
    ]);
  });

  it.each<[Calendar, Calendar]>([
    [
      { hour: 2, dayOfWeek: 'mon-friday' },
      { hour: '2', dayOfWeek: 'MON-FRI' },
    ],
    [
      { minute: '*/10', month: 'March,6' },
      { minute: '*/10', month: 'MAR,JUN' },
    ],
    [
      { second: '5/20', hour: '0-23' },
      { second: '5-59/20', hour: '*' },
    ],
    [
      { dayOfMonth: '1, 15', year: '2030-2032/2' },
      { dayOfMonth: '1,15', year: '2030-2032/2' },
    ],
    [{ minute: 0, hour: '0' }, {}],
  ])('%j reads and writes itself as %j', (given, written) => {
    expect(calendarOf(calendarRanges(given))).toEqual(written);
    expect(calendarOf(calendarRanges(written))).toEqual(written);
  });

  it.each(['60', '-1', '1-', '5-1', '*/0', '1,,2', 'x', '*-5', '1.5', ''])('refuses a minute of `%s`', (minute) => {
    expect(problemsOf({ request, calendars: [{ minute }] })).toEqual(['calendars[0].minute']);
  });
});

describe('durations and intervals', () => {
  it.each([
    ['90s', 90_000, '1m30s'],
    ['1h30m', 5_400_000, '1h30m'],
    ['36h', 129_600_000, '1d12h'],
    ['0s', 0, '0s'],
  ])('%s is %i ms, written %s', (text, ms, written) => {
    expect(durationMs(text)).toBe(ms);
    expect(durationText(ms)).toBe(written);
  });

  it('an interval may have an offset that is smaller', () => {
    const interval = parseInterval('6h/90m');
    expect(interval).toEqual({ every: 21_600_000, offset: 5_400_000 });
    expect(interval && intervalText(interval)).toBe('6h/1h30m');
    expect(['6h/6h', '1h/5m/1m', '', '/5m', '1w'].map(parseInterval)).toEqual(Array.from({ length: 5 }));
  });
});

function problemsOf(value: unknown): string[] {
  try {
    parseJobSchedule(value);
  } catch (error) {
    if (error instanceof ModelJobError) return error.problems.map(({ path }) => path);
    throw error;
  }
  throw new Error('the schedule was accepted');
}
