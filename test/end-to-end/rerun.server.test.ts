import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseBatchManifest, type Comparison, type ModelAccessJobResult } from '../../planner/index.js';
import { openEndToEnd, sentimentSpec } from '../helpers/end-to-end.js';
import { keyPair } from '../helpers/signing-keys.js';

const model = fileURLToPath(new URL('../../demo/model/afinn-sentiment', import.meta.url));
const token = 'hf_notForAnybody';

const box = await openEndToEnd({ HF_TOKEN: token });

it('a batch’s _SUCCESS.json makes the same output again on an empty home and cache, though `main` has moved', async () => {
  const keys = keyPair();
  await writeFile(join(box.folder, 'key.pem'), keys.privatePem);
  await writeFile(join(box.folder, 'public.pem'), keys.publicPem);
  const words = ['love', 'hate', 'wonderful', 'terrible'];
  const rows = Array.from({ length: 500 }, (_, index) => JSON.stringify(`${words[index % 4]!} ${index}`));
  await writeFile(join(box.folder, 'rows.jsonl'), `${rows.join('\n')}\nnot json\n`);
  const first = await box.startWorker({ MODEL_JOBS_SIGNING_KEY: join(box.folder, 'key.pem') });
  const commit = await box.hub.commit('demo/afinn-sentiment');
  const { artifacts, provenance } = await box.run({
    id: 'first',
    kind: 'BatchInference',
    spec: sentimentSpec(),
    backend: 'onnx',
    inputs: [{ kind: 'localPath', value: join(box.folder, 'rows.jsonl') }],
    options: { batch: { shardSize: 100 } },
  });
  expect(provenance).toMatchObject({
    product: { name: 'model-jobs' },
    model: { repository: 'demo/afinn-sentiment', commit },
    backends: [{ name: 'onnx', version: expect.stringContaining('onnxruntime-node ') as string }],
    inputs: { count: 1, files: [{ location: join(box.folder, 'rows.jsonl') }] },
  });
  expect(artifacts[0]?.metadata).toMatchObject({ 'model.commit': commit, 'model.digest': provenance?.model?.digest });
  expect((await box.cli('status', undefined, 'first')).stdout).toContain(`demo/afinn-sentiment@${commit}`);

  const folder = dirname(fileURLToPath(artifacts[0]!.uri));
  const verified = await box.cli('verify', undefined, folder, '--trust', join(box.folder, 'public.pem'));
  expect(verified).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('verified 3 files') as string });

  const text = await readFile(join(folder, '_SUCCESS.json'), 'utf8');
  expect(text).not.toContain(token);
  const manifest = parseBatchManifest(JSON.parse(text));
  expect(manifest).toMatchObject({ provenance, request: { spec: { source: { revision: commit } } } });

  await first.stop();
  await rm(join(box.folder, 'home'), { recursive: true });
  await rm(join(box.folder, 'hub'), { recursive: true });
  const moved = join(box.folder, 'moved');
  await mkdir(moved);
  await cp(model, moved, { recursive: true });
  const config = await readFile(join(moved, 'config.json'), 'utf8');
  await writeFile(join(moved, 'config.json'), config.replace('POSITIVE', 'GOOD'));
  box.hub.setRepo('demo/afinn-sentiment', { folder: moved });
  expect(await box.hub.commit('demo/afinn-sentiment')).not.toBe(commit);

  await box.startWorker();
  await writeFile(join(box.folder, 'kept.json'), text);
  const again = await box.cli('rerun', undefined, join(box.folder, 'kept.json'), '--json');
  const comparison = JSON.parse(again.stdout) as Comparison & { result: ModelAccessJobResult };
  expect(comparison).toMatchObject({ same: true, differences: [], result: { jobId: 'first-rerun' } });
  expect(comparison.outputs.map(({ id, same }) => [id, same])).toEqual([
    ['output', true],
    ['errors', true],
  ]);
  expect(again.exitCode).toBe(0);
});
