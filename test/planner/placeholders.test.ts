import { describe, expect, it } from 'vitest';
import {
  fillPlaceholders,
  parseModelAccessJobRequest,
  type ModelAccessJobRequest,
  type ModelAccessJobRequestInput,
} from '../../planner/index.js';

const given: ModelAccessJobRequestInput = {
  kind: 'BatchInference',
  backend: 'onnx',
  spec: { name: 'm{dd}', task: 'ocr', source: { kind: 'local_path', path: '/models/{yyyy}' }, files: [] },
};

const time = new Date('2026-03-04T05:06:07.890Z');

function fill(changes: Partial<ModelAccessJobRequestInput>, moment = { time, timeZone: 'UTC' }): ModelAccessJobRequest {
  return fillPlaceholders(parseModelAccessJobRequest({ ...given, ...changes }), moment);
}

function path(text: string, moment?: { time: Date; timeZone: string }): unknown {
  return fill({ inputs: [{ kind: 'localPath', value: text }] }, moment).inputs[0]?.value;
}

describe('placeholders in paths', () => {
  it('stand for the parts of the time', () => {
    expect(path('/data/{yyyy}-{MM}-{dd}/{HH}{mm}{ss}.jsonl')).toBe('/data/2026-03-04/050607.jsonl');
    expect(path('/data/{date}.jsonl')).toBe('/data/2026-03-04.jsonl');
  });

  it('may be moved by days, hours and minutes', () => {
    expect(path('{date-1d} {dd-4d} {MM-4d} {HH+19h} {dd+19h} {mm-7m}')).toBe('2026-03-03 28 02 00 05 59');
    expect(path('{yyyy-63d}')).toBe('2025');
  });

  it('are written by the clock of the time zone', () => {
    expect(path('{date}T{HH}:{mm}', { time, timeZone: 'America/Los_Angeles' })).toBe('2026-03-03T21:06');
    expect(path('{date}T{HH}:{mm}', { time, timeZone: 'Asia/Kathmandu' })).toBe('2026-03-04T10:51');
    expect(path('{HH}', { time: new Date('2026-03-03T23:00:00Z'), timeZone: 'Europe/Berlin' })).toBe('00');
  });

  it('move by calendar days where a day has 23 or 25 hours', () => {
    const afterSpring = new Date('2026-03-29T22:30:00Z'); // 00:30 on Monday; Sunday had 23 hours.
    expect(path('{date-1d} {HH-1d}', { time: afterSpring, timeZone: 'Europe/Berlin' })).toBe('2026-03-29 00');
    const afterAutumn = new Date('2026-10-25T22:30:00Z'); // 23:30 on the Sunday with 25 hours.
    expect(path('{date-1d} {HH-1h}', { time: afterAutumn, timeZone: 'Europe/Berlin' })).toBe('2026-10-24 22');
  });

  it('are filled in inputs, artifacts, the source and the options of a batch, and nowhere else', () => {
    const artifact = { id: 'a', kind: 'file' as const, mediaType: 'x/y', uri: 'file:///d/{dd}', metadata: {} };
    const filled = fill({
      inputs: [
        { kind: 'json', value: '{dd}' },
        { kind: 'artifact', value: artifact },
      ],
      metadata: { note: '{dd}' },
      options: {
        parameters: { prompt: '{dd}' },
        command: { args: ['{dd}'] },
        batch: { output: 's3://b/{date}', shardSize: 3 },
      },
    });
    expect(filled.spec).toMatchObject({ name: 'm{dd}', source: { path: '/models/2026' } });
    expect(filled.inputs).toMatchObject([{ value: '{dd}' }, { value: { uri: 'file:///d/04' } }]);
    expect(filled.metadata).toEqual({ note: '{dd}' });
    expect(filled.options).toEqual({
      parameters: { prompt: '{dd}' },
      command: { args: ['{dd}'] },
      batch: { output: 's3://b/2026-03-04', shardSize: 3 },
    });
  });

  it('leave other braces alone', () => {
    expect(path('/data/*.{jsonl,csv} {team} {} {a-1d}')).toBe('/data/*.{jsonl,csv} {team} {} {a-1d}');
    expect(path('{constructor}')).toBe('{constructor}');
  });

  it('change nothing in what is filled already', () => {
    const once = fill({ inputs: [{ kind: 'localPath', value: '/d/{date}' }] });
    expect(fillPlaceholders(once, { time: new Date(0), timeZone: 'UTC' })).toEqual(once);
  });

  it.each(['{YYYY}', '{DD}', '{hh}', '{yy-1d}', '{Date}', '{dates}', '{year}', '{date-1w}', '{date - 1d}', '{dd+1}'])(
    'refuse %s, which can only be a slip, by its field',
    (slip) => {
      expect(() => path(`/data/${slip}`)).toThrow(
        expect.objectContaining({
          code: 'InvalidArgument',
          message: expect.stringContaining(
            `inputs[0].value: unknown placeholder ${slip}, expected {yyyy} {MM}`,
          ) as string,
        }),
      );
    },
  );

  it.each([
    ['{date', '{date'],
    ['date}', 'x-date}'],
    ['{yyyy/MM}', '{yyyy/MM}'],
    ['{yyyy-{MM}-{dd}', '{yyyy-'],
    ['{yyyy}/{MM', '{MM'],
    ['{yyyy,MM}', '{yyyy,MM}'],
    ['${date}', '${date}'],
    ['{{date}}', '{{date}}'],
    ['{{ ds }}', '{{ ds }}'],
    ['{date }', '{date }'],
    ['{dt}', '{dt}'],
    ['{date:yyyy}', '{date:yyyy}'],
    ['{yyyy-MM-dd}', '{yyyy-MM-dd}'],
    ['{execution_date}', '{execution_date}'],
    ['{now}', '{now}'],
  ])('refuse %s, whatever is wrong with its braces', (text, slip) => {
    expect(() => path(`/data/x-${text}`)).toThrow(`inputs[0].value: unknown placeholder ${slip}, expected {yyyy}`);
  });

  it('may stand in a glob’s list', () => {
    expect(path('/data/{a-{date},b-{dd-1d}}.jsonl')).toBe('/data/{a-2026-03-04,b-03}.jsonl');
    expect(path('/data/{part,date}-*.jsonl')).toBe('/data/{part,date}-*.jsonl');
    expect(path('/data/a}b{c')).toBe('/data/a}b{c');
  });

  it('refuse a time zone that does not exist', () => {
    expect(() => path('{dd}', { time, timeZone: 'Mars/Base' })).toThrow('timeZone: unknown time zone `Mars/Base`');
  });
});
