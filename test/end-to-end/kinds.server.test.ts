import { copyFile, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEndToEnd, sentimentSpec } from '../helpers/end-to-end.js';

const sentences = fileURLToPath(new URL('../../demo/data/sentences.jsonl', import.meta.url));
const spec = sentimentSpec();

const box = await openEndToEnd();
const worker = await box.startWorker();

describe('the command line runs', () => {
  it('a Download', async () => {
    const { output, artifacts } = await box.run({ kind: 'Download', spec, backend: 'onnx' });
    expect(output).toMatchObject({ files: 4, bytesReused: 0 });
    expect(artifacts.at(-1)).toMatchObject({ id: 'manifest', kind: 'json' });
  });

  it('a MaterializeBundle from what the cache has, with no byte from the hub', async () => {
    box.hub.resetStats();
    const copy = sentimentSpec('demo/copy');
    const options = { autoDownload: false };
    const { output } = await box.run({ kind: 'MaterializeBundle', spec: copy, backend: 'onnx', options });
    expect(output).toMatchObject({ files: 4, bytesFetched: 0 });
    expect(box.hub.stats.requests).toEqual({});
  });

  it('a ValidateBundle', async () => {
    const { output } = await box.run({ kind: 'ValidateBundle', spec, backend: 'onnx' });
    expect(output).toMatchObject({ valid: true, files: 4, problems: [] });
  });

  it('a Warmup, after which the model is loaded', async () => {
    const warmup = { kind: 'Warmup', spec, backend: 'onnx' };
    expect((await box.run(warmup)).output).toMatchObject({ warmed: true, alreadyLoaded: false });
    expect((await box.run(warmup)).output).toMatchObject({ warmed: true, alreadyLoaded: true });
  });

  it('an Inference', async () => {
    const texts = ['I love this, it is wonderful', 'a terrible, broken mess'];
    const inputs = texts.map((text) => ({ kind: 'json', value: { text } }));
    const { output } = await box.run({ kind: 'Inference', spec, backend: 'onnx', inputs });
    expect(output).toMatchObject({ inputCount: 2, outputs: [{ label: 'POSITIVE' }, { label: 'NEGATIVE' }] });
  });

  it('a BatchInference', async () => {
    await copyFile(sentences, join(box.folder, 'sentences.jsonl'));
    const inputs = [{ kind: 'localPath', value: 'sentences.jsonl' }];
    const { output, artifacts } = await box.run({ kind: 'BatchInference', spec, backend: 'onnx', inputs });
    expect(output).toMatchObject({ inputCount: 3000, succeeded: 3000, failed: 0 });
    const lines = (await readFile(new URL(artifacts[0]!.uri), 'utf8')).trimEnd().split('\n');
    const rows = lines.map((line) => JSON.parse(line) as { index: number; custom_id: string });
    expect(rows.map(({ index }) => index)).toEqual(Array.from({ length: 3000 }, (_, index) => index));
    expect(rows[2999]?.custom_id).toBe('sentence-3000');
  });

  it('an ExternalCommand', async () => {
    const command = { ...spec, source: { kind: 'external_command', command: '/bin/sh' } };
    const options = { command: { args: ['-c', 'echo hello'] } };
    const { output } = await box.run({ kind: 'ExternalCommand', spec: command, backend: 'external', options });
    expect(output).toMatchObject({ status: 0, stdout: 'hello\n' });
  });

  it('a Download of what patterns choose, planned with its files and bytes', async () => {
    const flags = [
      '--repo',
      'demo/afinn-sentiment',
      '--kind',
      'download',
      '--include',
      '*.onnx',
      '--include',
      '*.json',
    ];
    const exclude = ['--exclude', 'tokenizer*', '--id', 'by-pattern', '--json'];
    const planned = await box.cli('plan', undefined, ...flags, ...exclude);
    const { modelFiles } = JSON.parse(planned.stdout) as { modelFiles: { files: { path: string }[]; bytes: number } };
    const paths = modelFiles.files.map(({ path }) => path);
    expect(paths.sort()).toEqual(['config.json', 'onnx/model.onnx', 'special_tokens_map.json']);
    const { stdout } = await box.cli('run', undefined, ...flags, ...exclude);
    const { output } = JSON.parse(stdout) as { output: { bytesFetched: number; bytesReused: number } };
    expect(output.bytesFetched).toBeGreaterThan(0);
    expect(output.bytesFetched + output.bytesReused).toBe(modelFiles.bytes);
  });
});

describe('a job that fails', () => {
  it('says why, and exits with 1', async () => {
    const { exitCode, stdout } = await box.cli('run', { kind: 'Inference', spec, backend: 'candle' }, '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'MissingDependency' } });
  });
});

describe('a job that has ended', () => {
  it('shows the same when no worker is left', async () => {
    const jobId = 'model-inference-demo_afinn-sentiment-main';
    const request = { kind: 'Inference', spec, backend: 'onnx', inputs: [{ kind: 'json', value: 'good' }] };
    await box.run(request);
    const before = await box.snapshot(jobId);
    await worker.stop();
    expect(await box.snapshot(jobId)).toEqual(before);
    expect(before).toMatchObject({ status: 'succeeded', spec: { id: jobId, kind: 'model-inference' } });
  });
});
