import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ModelAccessJobResult } from '../../planner/index.js';
import { largeBytes, largeSpec, manyRows, openEndToEnd, sentimentSpec } from '../helpers/end-to-end.js';

const box = await openEndToEnd();

/** Both run on one worker, and lose it at the same time. */
let download: Promise<ModelAccessJobResult>;
let batch: Promise<ModelAccessJobResult>;

beforeAll(async () => {
  const worker = await box.startWorker();
  await writeFile(join(box.folder, 'rows.jsonl'), await manyRows(30));
  const inputs = [{ kind: 'localPath', value: 'rows.jsonl' }];
  batch = box.run({ id: 'batch', kind: 'BatchInference', spec: sentimentSpec(), backend: 'onnx', inputs });
  await progressAtLeast('batch', 1, 'inputs');
  download = box.run({ id: 'download', kind: 'Download', spec: largeSpec('demo/large'), backend: 'onnx' });
  await Promise.all([progressAtLeast('batch', 9000, 'inputs'), progressAtLeast('download', largeBytes / 4, 'bytes')]);
  expect(await Promise.all(['batch', 'download'].map(statusOf))).toEqual(['running', 'running']);
  await worker.kill();
  await box.startWorker();
});

describe('a worker that is killed in the middle of', () => {
  it('a download loses no byte that was on disk', async () => {
    const { output } = await download;
    const kept = Number(output?.['bytesReused']);
    expect(kept).toBeGreaterThan(largeBytes / 8);
    expect(Number(output?.['bytesFetched'])).toBe(largeBytes - kept);
    // What was on its way when the worker died is fetched twice: no more than a second of it.
    expect(box.hub.stats.bytes['demo/large/weights.bin']).toBeLessThan(largeBytes + 3_000_000);
  });

  it('a batch answers each row once', async () => {
    const { output, artifacts } = await batch;
    expect(output).toMatchObject({ inputCount: 90_000, succeeded: 90_000, failed: 0 });
    const lines = (await readFile(new URL(artifacts[0]!.uri), 'utf8')).trimEnd().split('\n');
    const indexes = lines.map((line) => (JSON.parse(line) as { index: number }).index);
    expect(indexes).toEqual(Array.from({ length: 90_000 }, (_, index) => index));
  });
});

async function progressAtLeast(jobId: string, completed: number, unit: string): Promise<void> {
  const far = async (): Promise<void> => {
    const { progress } = await box.snapshot(jobId);
    expect(progress).toMatchObject({ unit });
    expect(progress?.completed).toBeGreaterThanOrEqual(completed);
  };
  await vi.waitFor(far, { timeout: 60_000, interval: 100 });
}

async function statusOf(jobId: string): Promise<string> {
  return (await box.snapshot(jobId)).status;
}
