import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileRequest } from '../../../planner/index.js';
import { requestOf, transferBox, workerOn, writeFiles } from '../../helpers/transfer.js';
import { startDialect } from '../../helpers/dialect.js';

const index = JSON.stringify({
  metadata: {},
  weight_map: {
    a: 'model-00001-of-00002.safetensors',
    b: 'model-00002-of-00002.safetensors',
    c: 'model-00001-of-00002.safetensors',
  },
});
const files = {
  'config.json': '{}',
  'tokenizer.json': '{"t":1}',
  'onnx/model.onnx': 'graph',
  'onnx/model_q4.onnx': 'small graph',
  'weights/model.safetensors.index.json': index,
  'weights/model-00001-of-00002.safetensors': 'shard one',
  'weights/model-00002-of-00002.safetensors': 'shard two',
  'a[1].txt': 'one',
  'README.md': '# model',
};

async function chosenBy(requests: Parameters<typeof requestOf>[0], options?: Record<string, unknown>, overrides = {}) {
  const box = await transferBox(files, { pageSize: 3, ...overrides });
  const facts = await box.run('downloadModel', requestOf(requests, { options }));
  const manifest = JSON.parse(await readFile(join(box.bundle, 'manifest.json'), 'utf8')) as { files: object };
  return { box, facts, paths: Object.keys(manifest.files).sort() };
}

const everything = Object.keys(files).sort();
const weights = everything.filter((path) => path.startsWith('weights/'));

const choices: [string, FileRequest[], Record<string, unknown> | undefined, string[]][] = [
  ['all files', [], { include: '*' }, everything],
  [
    'all but the excluded',
    [],
    { exclude: ['*.onnx', 'weights/'] },
    ['README.md', 'a[1].txt', 'config.json', 'tokenizer.json'],
  ],
  [
    'what one pattern includes, in every folder',
    [],
    { include: ['*.onnx'] },
    ['onnx/model.onnx', 'onnx/model_q4.onnx'],
  ],
  ['a folder', [{ required: 'onnx/' }], undefined, ['onnx/model.onnx', 'onnx/model_q4.onnx']],
  [
    'a pattern among requests, without the excluded',
    [{ required: '*.onnx' }, { required: 'config.json' }],
    { exclude: '*_q4*' },
    ['config.json', 'onnx/model.onnx'],
  ],
  [
    'named files though they are excluded',
    [{ required: 'config.json' }, { required: '*.onnx' }],
    { exclude: ['*.json', '*_q4*'] },
    ['config.json', 'onnx/model.onnx'],
  ],
  [
    'named files, and what is included beside',
    [{ required: 'config.json' }],
    { include: ['*.md'] },
    ['README.md', 'config.json'],
  ],
  [
    'nothing of an optional pattern without a match',
    [{ required: 'config.json' }, { optional: '*.gguf' }],
    undefined,
    ['config.json'],
  ],
  [
    'the first alternative that matches',
    [{ first_available: ['*.gguf', 'onnx/*_q4.onnx', '*.onnx'] }],
    undefined,
    ['onnx/model_q4.onnx'],
  ],
  ['a file that is called like a pattern', [{ required: 'a[1].txt' }], undefined, ['a[1].txt']],
  ['the shards of a named index', [{ required: 'weights/model.safetensors.index.json' }], undefined, weights],
  ['the shards of an index that a pattern matches', [{ required: '*.index.json' }], undefined, weights],
  [
    'an index without its shards where they are excluded',
    [{ required: '*.index.json' }],
    { exclude: '*.safetensors' },
    ['weights/model.safetensors.index.json'],
  ],
];

describe('a download by patterns brings', () => {
  it.each(choices)('%s', async (_, requests, options, paths) => {
    const found = await chosenBy(requests, options);
    expect(found.paths).toEqual([...paths].sort());
    expect(found.facts.files).toBe(paths.length);
  });

  it('the same files of the same identity as their names do', async () => {
    const byPattern = await chosenBy([{ required: '*.onnx' }]);
    const byName = await byPattern.box.run(
      'downloadModel',
      requestOf([{ required: 'onnx/model_q4.onnx' }, { required: 'onnx/model.onnx' }]),
    );
    expect(byName.model).toEqual(byPattern.facts.model);
    expect(byName.bytesFetched).toBe(0);
  });

  it('what is known without asking again: of its bundle, and offline of the cache', async () => {
    const { box } = await chosenBy([], { include: '*.onnx' });
    const request = requestOf([], { options: { include: '*.onnx' } });
    const before = Object.values(box.hub.stats.requests).reduce((sum, count) => sum + count, 0);
    expect(await box.run('materializeBundle', request)).toMatchObject({ files: 2, bytesFetched: 0 });
    expect(Object.values(box.hub.stats.requests).reduce((sum, count) => sum + count, 0)).toBe(before);
    const offline = workerOn(box.folder, box.hub, { offline: true });
    expect(await offline.run('downloadModel', request)).toMatchObject({ files: 2 });
    // Not all that this means is here.
    await expect(offline.run('downloadModel', requestOf([], { options: { include: '*' } }))).rejects.toThrow(
      /HF_HUB_OFFLINE/,
    );
  });

  it('what another request of the same commit has asked for stays beside', async () => {
    const { box, facts } = await chosenBy([{ required: '*.onnx' }]);
    await box.run('downloadModel', requestOf([{ required: '*.json' }], { options: { exclude: 'weights/*' } }));
    const requests = box.hub.stats.requests['GET tree'];
    const again = await box.run('materializeBundle', requestOf([{ required: '*.onnx' }]));
    expect(again.model).toEqual(facts.model);
    expect(box.hub.stats.requests['GET tree']).toBe(requests);
  });

  it('says files and bytes before the first byte', async () => {
    const box = await transferBox(files);
    const running = box.run('downloadModel', requestOf([{ required: '*.onnx' }]));
    await running;
    const [first] = running.progress.filter(({ unit }) => unit === 'bytes');
    expect(first).toMatchObject({ completed: 0, total: 16, message: '2 files to bring' });
  });

  it('the files of a hub that lists names alone', async () => {
    const box = await transferBox(files);
    const proxy = await startDialect(box.hub, {
      instead: ({ url }) => (url?.includes('/tree/') ? { status: 404 } : undefined),
    });
    const worker = workerOn(box.folder, proxy);
    expect(await worker.run('downloadModel', requestOf([{ required: '*.onnx' }]))).toMatchObject({ files: 2 });
  });

  it('the files of a local folder', async () => {
    const box = await transferBox({ 'x.txt': 'x' });
    const folder = join(box.folder, 'mine');
    await mkdir(folder);
    await writeFiles(folder, { ...files, '.git/config': 'hidden' });
    const source = { kind: 'local_path', path: folder };
    const local = (options: object, requests: object[] = []) =>
      requestOf([], {
        kind: 'MaterializeBundle',
        spec: { name: 'mine', task: 'text_classification', source, files: requests },
        options,
      });
    expect(await box.run('materializeBundle', local({ include: '*' }))).toMatchObject({ files: everything.length });
    expect(await box.run('materializeBundle', local({}, [{ required: '*.index.json' }]))).toMatchObject({ files: 3 });
    await expect(box.run('materializeBundle', local({}, [{ required: '*.onx' }]))).rejects.toThrow(
      /matches `\*\.onx`.*onnx\/model/,
    );
  });
});

describe('a pattern', () => {
  it('without a match is not found, and the message names it and what is near', async () => {
    const box = await transferBox(files);
    await expect(box.run('downloadModel', requestOf([{ required: 'onx/*.onnx' }]))).rejects.toMatchObject({
      type: 'NotFound',
      nonRetryable: true,
      message: expect.stringMatching(
        /no file of demo\/model at main matches `onx\/\*\.onnx`: near it are `onnx\/model\.onnx`/,
      ) as string,
    });
    await expect(
      box.run('downloadModel', requestOf([], { options: { include: ['*.gguf'], exclude: ['onnx/'] } })),
    ).rejects.toThrow(/matches `\*\.gguf` \(exclude `onnx\/`\)/);
    expect(await readdir(join(box.cache, 'blobs')).catch(() => [])).toEqual([]);
  });

  it('whose index names a shard that is not there is not found', async () => {
    const { 'weights/model-00002-of-00002.safetensors': _, ...rest } = files;
    const box = await transferBox(rest);
    await expect(box.run('downloadModel', requestOf([{ required: '*.index.json' }]))).rejects.toMatchObject({
      type: 'NotFound',
      message: expect.stringContaining('weights/model-00002-of-00002.safetensors') as string,
    });
  });

  it.each([
    [{ exclude: '*.bin' }, [{ required: 'config.json' }], /options\.exclude: spec\.files names each file in full/],
    [{ include: [] }, [], /options\.include/],
    [{ include: '' }, [], /options\.include/],
    [{ includes: '*' }, [], /includes/],
  ])('that can have no effect is refused: %o', (options, requests, message) => {
    expect(() => requestOf(requests, { options })).toThrow(message);
  });
});
