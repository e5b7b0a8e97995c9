import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { largeBytes, largeSpec, manyRows, openEndToEnd, sentimentSpec } from '../helpers/end-to-end.js';

const box = await openEndToEnd();

describe('a worker that is killed in the middle of', () => {
  it('a download loses no byte that was on disk', async () => {
    const worker = await box.startWorker();
    const running = box.run({
      id: 'killed-download',
      kind: 'Download',
      spec: largeSpec('demo/large'),
      backend: 'onnx',
    });
    await progressAtLeast('killed-download', largeBytes / 4);
    await worker.kill();
    await box.startWorker();
    const { output } = await running;
    const kept = Number(output?.['bytesReused']);
    expect(kept).toBeGreaterThan(largeBytes / 8);
    expect(Number(output?.['bytesFetched'])).toBe(largeBytes - kept);
    // What was on its way when the worker died is fetched twice: no more than a second of it.
    expect(box.hub.stats.bytes['demo/large/weights.bin']).toBeLessThan(largeBytes + 3_000_000);
  });

  it('a batch answers each row once', async () => {
    const worker = await box.startWorker();
    await writeFile(join(box.folder, 'rows.jsonl'), await manyRows(30));
    const inputs = [{ kind: 'localPath', value: 'rows.jsonl' }];
    const running = box.run({
      id: 'killed-batch',
      kind: 'BatchInference',
      spec: sentimentSpec(),
      backend: 'onnx',
      inputs,
    });
    await progressAtLeast('killed-batch', 9_000);
    await worker.kill();
    await box.startWorker();
    const { output, artifacts } = await running;
    expect(output).toMatchObject({ inputCount: 90_000, succeeded: 90_000, failed: 0 });
    const lines = (await readFile(new URL(artifacts[0]!.uri), 'utf8')).trimEnd().split('\n');
    const indexes = lines.map((line) => (JSON.parse(line) as { index: number }).index);
    expect(indexes).toEqual(Array.from({ length: 90_000 }, (_, index) => index));
  });
});

async function progressAtLeast(jobId: string, completed: number): Promise<void> {
  const read = async (): Promise<number> => (await box.snapshot(jobId)).progress?.completed ?? 0;
  await expect.poll(read, { timeout: 30_000, interval: 100 }).toBeGreaterThan(completed);
}
