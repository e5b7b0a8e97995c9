import { chmod, readdir, readFile, readlink, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelledFailure } from '@temporalio/activity';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { pythonWith, type Python } from '../../bench/python.js';
import { noise, repoId, requestOf, transferBox, writeFiles } from '../helpers/transfer.js';

const weights = noise(3_000_000);
/** In LFS and not, small and large, empty, twice the same, deep, and with names that must be escaped. */
const files: Record<string, string | Uint8Array> = {
  'config.json': '{"a":1}',
  'copies/config.json': '{"a":1}',
  'empty.txt': '',
  'vocab.txt': noise(1_500_000, 2),
  'ünï/コード 100%25.json': '{"b":2}',
  'onnx/model.onnx': weights,
  'onnx/small.bin': 'few bytes',
};
const all = requestOf(Object.keys(files).map((required) => ({ required })));
const bytesTotal = Object.values(files).reduce((sum, content) => sum + Buffer.from(content).length, 0);

let python: Python | undefined;

beforeAll(async () => {
  python = await pythonWith('huggingface_hub');
}, 300_000);

beforeEach((context) => context.skip(!python, 'no Python with huggingface_hub'));

type Box = Awaited<ReturnType<typeof transferBox>>;

/** Nothing of this machine's own settings: the hub is ours, and so is the home. */
function environmentOf({ hub, folder }: Box): Record<string, string> {
  return {
    HF_ENDPOINT: hub.url,
    HF_HOME: join(folder, 'python-home'),
    HF_TOKEN: '',
    HF_HUB_OFFLINE: '0',
    HF_HUB_DISABLE_XET: '1',
    HF_HUB_DISABLE_TELEMETRY: '1',
    HF_HUB_DISABLE_PROGRESS_BARS: '1',
    HF_HUB_DISABLE_UPDATE_CHECK: '1',
    NO_PROXY: '127.0.0.1',
    PYTHONUTF8: '1',
  };
}

const snapshotScript = `
import sys
from huggingface_hub import snapshot_download
repo_id, cache_dir, where = sys.argv[1:]
print(snapshot_download(repo_id, revision='main', cache_dir=cache_dir, local_files_only=where == 'cache'))
`;

/** Python's `snapshot_download`; returns the snapshot's folder. */
function snapshotDownload(box: Box, from: 'cache' | 'hub', cacheDir = box.config.hub.cacheDir): Promise<string> {
  return python!.run(['-c', snapshotScript, repoId, cacheDir, from], environmentOf(box));
}

const scanScript = `
import json, sys
from huggingface_hub import scan_cache_dir
scan = scan_cache_dir(sys.argv[1])
[repo] = scan.repos
print(json.dumps({
    'repo': repo.repo_id,
    'warnings': [str(warning) for warning in scan.warnings],
    'incomplete': [str(file.file_path) for file in scan.incomplete_files],
    'revisions': {revision.commit_hash: sorted(revision.refs) for revision in repo.revisions},
}))
`;

/** What Python's own inventory makes of the cache. */
async function scan(box: Box): Promise<unknown> {
  return JSON.parse(await python!.run(['-c', scanScript, box.config.hub.cacheDir], environmentOf(box)));
}

/** Every file below the folder, by path, with `/`. */
async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort();
}

async function expectFiles(folder: string, expected = files): Promise<void> {
  expect(await walk(folder)).toEqual(Object.keys(expected).sort());
  for (const [path, content] of Object.entries(expected)) {
    expect((await readFile(join(folder, path))).equals(Buffer.from(content)), path).toBe(true);
  }
}

/** What only Python keeps, and no other tool needs. */
const bookkeeping = [
  // Tells tools that make backups to leave the cache out.
  'CACHEDIR.TAG',
  // Its locks, which it leaves.
  '.locks/',
  // The listing of each commit that `snapshot_download` saw: it asks the hub where there is none.
  'models--demo--model/trees/',
];

/** All that a cache holds: each link with its target, each other file with its bytes. */
async function listingOf(cacheDir: string): Promise<string[]> {
  const paths = (await walk(cacheDir)).filter((path) => !bookkeeping.some((name) => path.startsWith(name)));
  return Promise.all(
    paths.map(async (path) => {
      const target = await readlink(join(cacheDir, path)).catch(() => undefined);
      if (target !== undefined) return `${path} -> ${target}`;
      return `${path}: ${(await readFile(join(cacheDir, path))).toString('base64')}`;
    }),
  );
}

describe('what we downloaded', () => {
  it('is a whole snapshot to Python, with the hub switched off', async () => {
    const box = await transferBox(files);
    const { commit } = await box.run('downloadModel', all);
    await box.hub.close();
    const folder = await snapshotDownload(box, 'cache');
    expect(folder).toBe(join(box.cache, 'snapshots', commit!));
    await expectFiles(folder);
    expect(await scan(box)).toEqual({
      repo: repoId,
      warnings: [],
      incomplete: [],
      revisions: { [commit!]: ['main'] },
    });
  });

  it('is not fetched again by Python', async () => {
    const box = await transferBox(files);
    await box.run('downloadModel', all);
    box.hub.resetStats();
    await expectFiles(await snapshotDownload(box, 'hub'));
    expect(box.hub.stats.bytes).toEqual({});
  });

  it('passes `hf cache verify`, which asks the hub for the checksums', async () => {
    const box = await transferBox(files);
    await box.run('downloadModel', all);
    box.hub.resetStats();
    const verify = ['-m', 'huggingface_hub.cli.hf', 'cache', 'verify', repoId, '--revision', 'main'];
    const strict = ['--fail-on-missing-files', '--fail-on-extra-files', '--json'];
    const cacheDir = ['--cache-dir', box.config.hub.cacheDir];
    const printed = await python!.run([...verify, ...strict, ...cacheDir], environmentOf(box));
    expect(JSON.parse(printed)).toMatchObject({ repo_id: repoId, checked: Object.keys(files).length });
    expect(box.hub.stats.requests).toHaveProperty('GET tree');
    expect(box.hub.stats.bytes).toEqual({});
  });
});

describe('what Python downloaded', () => {
  it('is a bundle to us without a byte from the hub', async () => {
    const box = await transferBox(files);
    await snapshotDownload(box, 'hub');
    expect(Object.keys(box.hub.stats.bytes)).toContain('demo/model/onnx/model.onnx');
    box.hub.resetStats();
    const facts = await box.run('downloadModel', all);
    expect(facts).toMatchObject({ bytesFetched: 0, bytesReused: bytesTotal, commit: await box.hub.commit(repoId) });
    expect(box.hub.stats.bytes).toEqual({});
    await expectFiles(join(facts.bundleRoot, 'files'));
  });

  it('is a bundle to us with the hub switched off', async () => {
    const box = await transferBox(files);
    await snapshotDownload(box, 'hub');
    await box.hub.close();
    box.config.hub.offline = true;
    const facts = await box.run('downloadModel', all);
    expect(facts).toMatchObject({ bytesFetched: 0, bytesReused: bytesTotal });
    await expectFiles(join(facts.bundleRoot, 'files'));
  });
});

describe('our cache and that of Python', () => {
  it('are the same, file by file and link by link, also after the revision has moved', async () => {
    const box = await transferBox(files);
    const pythonCache = join(box.folder, 'python-hub');
    const expectSame = async (): Promise<void> => {
      await box.run('downloadModel', all);
      await snapshotDownload(box, 'hub', pythonCache);
      const ours = await listingOf(box.config.hub.cacheDir);
      expect(ours).toEqual(await listingOf(pythonCache));
      for (const part of ['blobs', 'refs', 'snapshots']) {
        expect(ours.filter((line) => line.startsWith(`models--demo--model/${part}/`))).not.toEqual([]);
      }
    };
    await expectSame();
    await writeFiles(box.repoFolder, { 'config.json': '{"a":2}', 'onnx/small.bin': 'other bytes' });
    box.hub.setRepo(repoId, { folder: box.repoFolder });
    await expectSame();
    expect(await readdir(join(pythonCache, 'models--demo--model/snapshots'))).toHaveLength(2);
  });
});

describe('what we downloaded in part', () => {
  it('does not disturb Python, nor does Python disturb us', async () => {
    const box = await transferBox(files, { bytesPerSecond: 1_500_000 });
    const running = box.run('downloadModel', all);
    const served = () => box.hub.stats.bytes['demo/model/onnx/model.onnx'] ?? 0;
    await vi.waitFor(() => expect(served()).toBeGreaterThan(1_200_000), { timeout: 20_000, interval: 20 });
    running.cancel();
    await expect(running).rejects.toBeInstanceOf(CancelledFailure);
    expect(await readdir(join(box.cache, 'blobs'))).toContainEqual(
      expect.stringMatching(/^[0-9a-f]{64}\.[0-9a-f]{8}\.partial$/),
    );

    const folder = await snapshotDownload(box, 'hub');
    await expectFiles(folder);
    expect(await scan(box)).toMatchObject({ warnings: [], incomplete: [] });

    box.hub.resetStats();
    expect(await box.run('downloadModel', all)).toMatchObject({ bytesFetched: 0, bytesReused: bytesTotal });
    expect(box.hub.stats.bytes).toEqual({});
    await expectFiles(folder);
  });
});

/** Moves a repository's blobs to the store that all share, as `hf_hub_download` does with what came by Xet. */
const shareScript = `
import hashlib, sys
from pathlib import Path
from huggingface_hub.utils._shared_blobs import is_shared_blobs_dir, publish_blob_to_shared_store, shared_blobs_dir
cache_dir = Path(sys.argv[1])
for blob in sorted((cache_dir / sys.argv[2] / 'blobs').iterdir()):
    # No hash of the bytes: Xet's is another function's.
    xet_hash = hashlib.sha256(b'xet' + blob.read_bytes()).hexdigest()
    size = blob.stat().st_size
    assert publish_blob_to_shared_store(blob_path=str(blob), xet_hash=xet_hash, cache_dir=cache_dir, expected_size=size)
assert is_shared_blobs_dir(shared_blobs_dir(cache_dir))
`;

describe('what Python keeps in the store of all repositories', () => {
  it('is read as it is: its bytes, with etags and hashes of their own', async () => {
    const box = await transferBox(files);
    await snapshotDownload(box, 'hub');
    await python!.run(['-c', shareScript, box.config.hub.cacheDir, 'models--demo--model'], environmentOf(box));
    const before = await listingOf(box.config.hub.cacheDir);
    box.hub.resetStats();
    const made = await box.run('materializeBundle', requestOf(all.spec.files, { kind: 'MaterializeBundle' }));
    const facts = await box.run('downloadModel', all);
    expect(facts).toMatchObject({ bytesFetched: 0, bytesReused: bytesTotal, model: made.model });
    expect(box.hub.stats.bytes).toEqual({});
    await expectFiles(join(box.bundle, 'files'));
    expect(await box.run('validateBundle', requestOf(all.spec.files, { kind: 'ValidateBundle' }))).toMatchObject({
      valid: true,
    });
    expect(await listingOf(box.config.hub.cacheDir)).toEqual(before);
    await expectFiles(await snapshotDownload(box, 'cache'));
  });

  it('is fetched again where its bytes are wrong, and Python goes on with what we fetched', async () => {
    const box = await transferBox(files);
    await snapshotDownload(box, 'hub');
    await python!.run(['-c', shareScript, box.config.hub.cacheDir, 'models--demo--model'], environmentOf(box));
    const stored = await realpath(join(box.cache, 'snapshots', await box.hub.commit(repoId), 'onnx/model.onnx'));
    await chmod(stored, 0o644);
    await writeFile(stored, noise(3_000_000, 9));
    expect(await box.run('downloadModel', all)).toMatchObject({ bytesFetched: 3_000_000 });
    await expectFiles(join(box.bundle, 'files'));
    await expectFiles(await snapshotDownload(box, 'cache'));
  });
});
