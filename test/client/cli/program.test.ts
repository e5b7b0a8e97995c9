import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  modelPresets,
  modelSpecFromPreset,
  planModelAccess,
  type ModelAccessJobRequestInput,
} from '../../../planner/index.js';
import { runInTest } from './test-io.js';

const request: ModelAccessJobRequestInput = {
  kind: 'Download',
  backend: 'onnx',
  spec: {
    name: 'demo/model',
    task: 'text_embedding',
    source: { kind: 'hugging_face', repo_id: 'demo/model', revision: 'main' },
    files: [{ required: 'config.json' }, { optional: 'tokenizer.json' }],
  },
};
const stdin = JSON.stringify(request);

/** A home on which no server runs. */
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'model-jobs-cli-'));
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

test('plan prints the plan alone on stdout as JSON', async () => {
  const { exitCode, stdout, stderr } = await runInTest(['plan', '-', '--json'], { stdin });
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(planModelAccess(request))));
  expect(stderr).toBe('');
});

test('plan tells people the job id, what it needs and what it makes', async () => {
  const { stdout } = await runInTest(['plan', '-'], { stdin });
  expect(stdout.split('\n')).toEqual([
    'model-download-demo_model-main',
    '  kind          Download (model-download)',
    '  backend       onnx',
    '  mode          plannedJob',
    '  side effects  network, writesFiles',
    '  progress      in files',
    '  needs         network: Model file download requires network access',
    '  expected artifacts',
    '    model:config.json     demo_model/main/files/config.json',
    '    model:tokenizer.json  demo_model/main/files/tokenizer.json',
    '    manifest              demo_model/main/manifest.json',
    '',
  ]);
});

test('a bad request exits with 2 and lists every problem, for people and for programs', async () => {
  const bad = JSON.stringify({ ...request, kind: 'Nothing', options: { speed: 1 } });
  const { exitCode, stdout, stderr } = await runInTest(['plan', '-', '--json'], { stdin: bad });
  expect(exitCode).toBe(2);
  const { error } = JSON.parse(stdout) as { error: { code: string; problems: { path: string }[] } };
  expect(error.code).toBe('InvalidArgument');
  expect(error.problems.map(({ path }) => path)).toEqual(['kind', 'options']);
  expect(stderr).toMatch(/^model-jobs: invalid argument: request is not valid:\n {2}kind: .*\n {2}options: .*\n$/);
});

test('manifest prints the job manifest of a request', async () => {
  const { exitCode, stdout } = await runInTest(['manifest', '-'], { stdin });
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ jobId: 'model-download-demo_model-main', status: 'queued' });
});

test('presets lists them all, and prints the spec of one', async () => {
  const all = await runInTest(['presets', '--json']);
  expect(JSON.parse(all.stdout)).toEqual(modelPresets);
  const one = await runInTest(['presets', 'distilbert-sst2']);
  expect(JSON.parse(one.stdout)).toEqual(modelSpecFromPreset('distilbert-sst2'));
  const none = await runInTest(['presets', 'nope']);
  expect(none).toMatchObject({ exitCode: 2, stdout: '' });
});

interface SurfaceCase {
  case: { op: string; operation: string; input: unknown };
  ok?: unknown;
  error?: string;
}

const surfaceCases = readFileSync(new URL('../../fixtures/vectors/planner.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as SurfaceCase)
  .filter(({ case: { op } }) => op === 'surface');

test('surface exits with 0 where the crate answers and with 2 where it refuses', async () => {
  expect(surfaceCases.length).toBeGreaterThan(5);
  for (const { case: recorded, ok } of surfaceCases) {
    const input = JSON.stringify(recorded.input);
    const { exitCode, stdout } = await runInTest(['surface', recorded.operation, '-', '--json'], { stdin: input });
    expect([recorded, exitCode]).toEqual([recorded, ok === undefined ? 2 : 0]);
    expect(JSON.parse(stdout)).toHaveProperty(ok === undefined ? 'error' : 'value');
  }
});

test.each([
  ['an unknown command', ['lst'], /unknown command 'lst'\n\(Did you mean list\?\)/],
  ['an unknown option', ['plan', '--jsn'], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
  ['no command', [], /Usage: model-jobs/],
  ['no request', ['plan'], /give a request file/],
  ['a kind that is none', ['plan', '--preset', 'x', '--kind', 'fly'], /'fly' is invalid/],
  ['a limit that is none', ['list', '--limit', '0'], /whole number above zero/],
  ['a port that is none', ['dev', '--port', '70000'], /port from 0 to 65535/],
])('%s exits with 2 and says what was meant', async (_what, args, message) => {
  const { exitCode, stdout, stderr } = await runInTest(args);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

test.each(['batch-inference', 'BatchInference', 'model-batch-inference', 'batch_inference'])(
  'a kind may be written as %s',
  async (kind) => {
    const { stdout } = await runInTest(['plan', '--preset', 'distilbert-sst2', '--kind', kind, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'BatchInference' });
  },
);

test.each([
  ['run', '-'],
  ['start', '-'],
  ['status', 'x'],
  ['watch', 'x'],
  ['result', 'x'],
  ['cancel', 'x'],
  ['list'],
  ['worker'],
])('%s without a server exits with 3 and says how to get one', async (...args) => {
  const env = { MODEL_JOBS_HOME: home, TEMPORAL_CONFIG_FILE: join(home, 'none.toml') };
  const { exitCode, stdout, stderr } = await runInTest(args, { stdin, env });
  expect([exitCode, stdout]).toEqual([3, '']);
  expect(stderr).toContain('run `model-jobs dev`');
});

test('a bad request is refused before a server is looked for', async () => {
  const { exitCode, stderr } = await runInTest(['run', '-'], { stdin: '{}', env: { MODEL_JOBS_HOME: home } });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('kind:');
});

test('help and version are no errors', async () => {
  expect((await runInTest(['--help'])).exitCode).toBe(0);
  const { exitCode, stdout } = await runInTest(['--version']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
