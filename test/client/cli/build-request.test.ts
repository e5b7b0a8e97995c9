import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildRequest, requestOf } from '../../../client/cli/build-request.js';
import { modelSpecFromPreset, parseModelAccessJobRequest } from '../../../planner/index.js';
import { createTestIo } from './test-io.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-jobs-request-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('a preset, a kind and inputs make a request that the planner accepts', () => {
  const request = buildRequest({
    preset: 'distilbert-sst2',
    kind: 'Inference',
    input: ['I love this', 'a mess'],
    inputFile: ['rows.jsonl'],
    id: 'mine',
  });
  expect(request).toEqual({
    id: 'mine',
    kind: 'Inference',
    spec: modelSpecFromPreset('distilbert-sst2'),
    backend: 'onnx',
    inputs: [
      { kind: 'json', value: { text: 'I love this' } },
      { kind: 'json', value: { text: 'a mess' } },
      { kind: 'localPath', value: resolve('rows.jsonl') },
    ],
  });
  expect(parseModelAccessJobRequest(request).id).toBe('mine');
});

test('a repository makes a request for all of its files, or for those that patterns choose', () => {
  expect(buildRequest({ repo: 'owner/name', kind: 'Download' })).toMatchObject({
    spec: { name: 'owner/name', source: { repo_id: 'owner/name', revision: 'main' }, files: [] },
    options: { include: ['*'] },
  });
  const flags = { repo: 'owner/name', revision: 'v1', kind: 'Warmup' as const, task: 'ocr', exclude: ['*.bin'] };
  const request = parseModelAccessJobRequest(buildRequest({ ...flags, include: ['*.onnx'] }));
  expect(request).toMatchObject({
    spec: { task: 'ocr', source: { revision: 'v1' } },
    options: { include: ['*.onnx'], exclude: ['*.bin'] },
  });
});

test("a backend that is none of the crate's is a custom one", () => {
  expect(buildRequest({ preset: 'distilbert-sst2', kind: 'Warmup', backend: 'tpu' }).backend).toEqual({
    custom: 'tpu',
  });
});

test.each([
  [{}, /give a request file, - for stdin, or --preset or --repo, and --kind/],
  [{ repo: 'owner/name' }, /--repo needs --kind/],
  [{ repo: 'owner/name', kind: 'Inference' as const }, /--repo needs --task for Inference/],
  [{ repo: 'owner/name', preset: 'distilbert-sst2' }, /give one of the two/],
  [{ preset: 'distilbert-sst2' }, /--preset needs --kind/],
  [{ preset: 'distilbert', kind: 'Warmup' as const }, /did you mean distilbert-sst2/],
])('%j does not make a request', (flags, message) => {
  expect(() => buildRequest(flags)).toThrow(message);
});

test('a request file is read as it is, and --id gives it an id', async () => {
  const { io } = createTestIo();
  const file = join(folder, 'request.json');
  await writeFile(file, '{"kind": "Warmup"}');
  expect(await requestOf(io, file, {})).toEqual({ kind: 'Warmup' });
  expect(await requestOf(io, file, { id: 'other' })).toEqual({ kind: 'Warmup', id: 'other' });
});

test('a request may come from stdin', async () => {
  const { io } = createTestIo({ stdin: '{"kind": "Download"}' });
  expect(await requestOf(io, '-', {})).toEqual({ kind: 'Download' });
});

test('flags that build a request are refused beside a file', async () => {
  const { io } = createTestIo();
  await expect(requestOf(io, 'request.json', { inputFile: ['x'] })).rejects.toThrow(/--input-file builds a request/);
});

test('a file that is missing or no JSON is named', async () => {
  const { io } = createTestIo();
  const broken = join(folder, 'broken.json');
  await writeFile(broken, '{"kind":');
  await expect(requestOf(io, join(folder, 'none.json'), {})).rejects.toMatchObject({ code: 'NotFound' });
  await expect(requestOf(io, folder, {})).rejects.toThrow(/can't be read/);
  await expect(requestOf(io, broken, {})).rejects.toThrow(/broken\.json` is not JSON/);
});
