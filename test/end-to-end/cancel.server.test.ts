import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { largeSpec, manyRows, openEndToEnd, sentimentSpec } from '../helpers/end-to-end.js';

const box = await openEndToEnd();
beforeAll(async () => {
  await box.startWorker();
  await box.run({ kind: 'Download', spec: sentimentSpec(), backend: 'onnx' });
  await writeFile(join(box.folder, 'many.jsonl'), await manyRows(100));
  // As many as one inference runs, nearly.
  await writeFile(join(box.folder, 'fewer.jsonl'), await manyRows(33));
  await sparseBundle(join(box.folder, 'home/bundles/demo_sparse/main'), 40e9);
});

describe('a job that is cancelled ends as cancelled within seconds:', () => {
  const many = [{ kind: 'localPath', value: 'many.jsonl' }];
  const fewer = [{ kind: 'localPath', value: 'fewer.jsonl' }];
  const shell = { kind: 'external_command', command: '/bin/sh' };
  it.each([
    { kind: 'Download', spec: largeSpec('demo/large-a'), backend: 'onnx' },
    { kind: 'MaterializeBundle', spec: largeSpec('demo/large-b'), backend: 'onnx' },
    { kind: 'ValidateBundle', spec: largeSpec('demo/sparse'), backend: 'onnx' },
    { kind: 'Inference', spec: sentimentSpec(), backend: 'onnx', inputs: fewer },
    { kind: 'BatchInference', spec: sentimentSpec(), backend: 'onnx', inputs: many },
    {
      kind: 'ExternalCommand',
      spec: { ...sentimentSpec(), source: shell },
      backend: 'external',
      options: { command: { args: ['-c', 'sleep 60'] } },
    },
  ])('$kind', async (request) => {
    const id = `cancelled-${request.kind}`;
    // What the cancelled download before has fetched would leave too little to do.
    await rm(join(box.folder, 'hub'), { recursive: true, force: true });
    expect((await box.cli('start', { ...request, id })).exitCode).toBe(0);
    onTestFailed(async () => {
      await box.cli('cancel', undefined, id);
    });
    await expect.poll(async () => (await box.snapshot(id)).progress, { timeout: 15_000 }).not.toBeNull();
    await box.cli('cancel', undefined, id);
    const cancelledAt = Date.now();
    const result = await box.cli('result', undefined, id);
    expect(result.exitCode, result.stderr + result.stdout).toBe(130);
    const snapshot = await box.snapshot(id);
    expect(snapshot).toMatchObject({ status: 'cancelled', failure: null });
    expect(Date.parse(snapshot.finished_at ?? '') - cancelledAt).toBeLessThan(5000);
  });
});

/** A bundle of one file that is large to read and takes no room. */
async function sparseBundle(root: string, size: number): Promise<void> {
  await mkdir(join(root, 'files'), { recursive: true });
  const file = await open(join(root, 'files/weights.bin'), 'w');
  await file.truncate(size);
  await file.close();
  const entry = {
    remote_path: 'weights.bin',
    local_path: 'files/weights.bin',
    size_bytes: size,
    sha256: '0'.repeat(64),
  };
  await writeFile(
    join(root, 'manifest.json'),
    JSON.stringify({
      schema_version: 1,
      name: 'demo/sparse',
      repo_id: '',
      revision: 'main',
      task: 'ocr',
      files: { 'weights.bin': entry },
    }),
  );
}
