import { expect, test } from 'vitest';
import { renderJobs } from '../../../../client/cli/render/list.js';
import { renderResult } from '../../../../client/cli/render/result.js';
import { renderStatus, statusLine } from '../../../../client/cli/render/status.js';
import type { JobSnapshot, ModelAccessJobResult } from '../../../../planner/index.js';

const now = Date.parse('2026-01-01T00:00:10Z');

const snapshot: JobSnapshot = {
  spec: { id: 'model-warmup-demo_model-main', name: 'model-warmup demo/model', kind: 'model-warmup', metadata: {} },
  status: 'running',
  progress: { completed: 1, total: 4, unit: 'steps', message: 'loading' },
  logs: [],
  artifacts: [],
  created_at: '2026-01-01T00:00:00Z',
  started_at: '2026-01-01T00:00:01Z',
  finished_at: null,
  failure: null,
  metadata: { 'model.name': 'demo/model', 'model.revision': 'main' },
};

const result: ModelAccessJobResult = {
  jobId: 'job-1',
  kind: 'Inference',
  spec: {
    name: 'demo/model',
    task: 'text_classification',
    source: { kind: 'local_path', path: '/models/demo' },
    files: [],
    metadata: {},
    repo_id: '',
    revision: '',
  },
  backend: 'onnx',
  artifacts: [
    { id: 'output', kind: 'json', mediaType: 'application/json', uri: 'file:///o.json', sizeBytes: 2048, metadata: {} },
  ],
  diagnostics: [],
  output: { inputCount: 12, bytesTotal: 2_500_000, loadMs: 1234, backend: 'onnx', nothing: null, outputs: [] },
};

test('a running job is told with its time and its progress', () => {
  expect(renderStatus(snapshot, { now, url: 'http://ui/job' }).split('\n')).toEqual([
    'model-warmup-demo_model-main  running for 9.0 s',
    '  kind      model-warmup',
    '  model     demo/model@main',
    '  created   2026-01-01T00:00:00Z',
    '  progress  1 of 4 steps (25 %), loading',
    '  web       http://ui/job',
  ]);
});

test('a failed job is told with its failure and without its progress', () => {
  const failed: JobSnapshot = {
    ...snapshot,
    status: 'failed',
    finished_at: '2026-01-01T00:00:03Z',
    failure: { message: 'disk full' },
  };
  const text = renderStatus(failed, { now });
  expect(text).toContain('failed after 2.0 s');
  expect(text).toContain('failure  disk full');
  expect(text).not.toContain('progress');
});

test('a job that waits is timed from its creation', () => {
  expect(statusLine({ ...snapshot, status: 'queued', started_at: null }, now)).toMatch(/queued for 10\.0 s$/);
});

test("a result's numbers are told in their units, empty fields not at all", () => {
  expect(renderResult(result).split('\n')).toEqual([
    '  inputCount  12',
    '  bytesTotal  2.5 MB',
    '  loadMs      1.2 s',
    '  backend     onnx',
    '  artifacts',
    '    output  2.0 kB  file:///o.json',
  ]);
});

test('a long list of outputs is cut, and the rest is counted', () => {
  const outputs = Array.from({ length: 1200 }, (_, index) => ({ label: `row ${index}` }));
  const lines = renderResult({ ...result, output: { outputs } }).split('\n');
  expect(lines.slice(0, 2)).toEqual(['  outputs', '    {"label":"row 0"}']);
  expect(lines[11]).toBe('    … and 1,190 more (--json prints all)');
});

test('a long list of artifacts is cut, and the rest is counted', () => {
  const [artifact] = result.artifacts;
  const artifacts = Array.from({ length: 25 }, (_, index) => ({ ...artifact!, id: `file-${index}` }));
  const text = renderResult({ ...result, artifacts });
  expect(text).toContain('file-19');
  expect(text).not.toContain('file-20');
  expect(text).toContain('… and 5 more');
});

test('jobs are listed in columns', () => {
  const job = { jobId: 'a', runId: 'r', kind: 'Warmup', status: 'succeeded' } as const;
  const times = { paused: false, startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:01.500Z' };
  expect(renderJobs([{ ...job, ...times }], now).split('\n')).toEqual([
    'JOB  KIND    STATUS     STARTED (UTC)        TIME',
    'a    Warmup  succeeded  2026-01-01 00:00:00  1.5 s',
  ]);
  expect(renderJobs([], now)).toBe('no jobs');
});
