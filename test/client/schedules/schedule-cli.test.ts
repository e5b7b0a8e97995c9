import { expect, test } from 'vitest';
import { runInTest } from '../cli/test-io.js';

const spec = { name: 'demo/model', task: 'ocr', source: { kind: 'local_path', path: '/m' }, files: [] };
const stdin = JSON.stringify({ kind: 'Inference', backend: 'onnx', spec });
const create = ['schedule', 'create', '-'];

test.each([
  ['a schedule that says no time', create, /expected cron, every or calendars/],
  ['a cron expression that is none', [...create, '--cron', '0 0'], /cron\[0\]: expected a cron expression/],
  ['an interval that is none', [...create, '--every', '5'], /every\[0\]: expected an interval of at least 1s/],
  ['a calendar that is no JSON', [...create, '--calendar', 'hour=2'], /Expected JSON such as/],
  [
    'a calendar out of bounds',
    [...create, '--calendar', '{"hour":24}'],
    /calendars\[0\]\.hour: expected numbers from 0/,
  ],
  ['a policy that is none', [...create, '--every', '1h', '--overlap', 'wait'], /Expected one of SKIP, BUFFER_ONE/],
  ['a time zone that is none', [...create, '--every', '1h', '--time-zone', 'Mars'], /timeZone: expected the IANA name/],
  ['a duration that is none', [...create, '--every', '1h', '--jitter', '5'], /jitter: expected a duration such as/],
  ['a search attribute with no type', [...create, '--every', '1h', '--search-attribute', 'A=b'], /NAME=TYPE:VALUE/],
  [
    'a search attribute of another type',
    [...create, '--every', '1h', '--search-attribute', 'Rank=INT:high'],
    /searchAttributes\.Rank\.value: expected int|searchAttributes\.Rank\.value: expected number/,
  ],
  ['a backfill without a range', ['schedule', 'backfill', 'x'], /required option '--from <time>' not specified/],
  ['a day as a time', ['schedule', 'backfill', 'x', '--from', '2026-03-01'], /Expected a time such as/],
])('%s exits with 2 and says what was meant', async (_what, args, message) => {
  const { exitCode, stdout, stderr } = await runInTest(args, { stdin });
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

test('a misspelt placeholder is refused before a server is looked for', async () => {
  const inputs = [{ kind: 'localPath', value: '/data/{YYYY}.jsonl' }];
  const given = JSON.stringify({ kind: 'Inference', backend: 'onnx', spec, inputs });
  const { exitCode, stderr } = await runInTest([...create, '--every', '1h'], { stdin: given });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('inputs[0].value: unknown placeholder {YYYY}');
});

test.each([
  ['create', '-', '--every', '1h'],
  ['list'],
  ['describe', 'x'],
  ['trigger', 'x'],
  ['pause', 'x'],
  ['backfill', 'x', '--from', '2026-03-01T00:00:00Z', '--to', '2026-03-02T00:00:00Z'],
])('schedule %s without a server exits with 3', async (...args) => {
  const env = { MODEL_JOBS_HOME: '/nonexistent', TEMPORAL_CONFIG_FILE: '/nonexistent/none.toml' };
  const { exitCode, stderr } = await runInTest(['schedule', ...args], { stdin, env });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('run `model-jobs dev`');
});
