import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { memoryDisk } from '../../../helpers/activity.js';
import { noise, requestOf, transferBox, writeFiles } from '../../../helpers/transfer.js';

describe('a download of ten thousand files', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `part ${index % 100}/ünïcode %25 ${index}.txt`);
  const request = requestOf(names.map((required) => ({ required })));

  it('asks for the metadata of a thousand at once, over few connections, in small heartbeats', async () => {
    const { hub, activities } = await transferBox(Object.fromEntries(names.map((name) => [name, name])), {
      disk: memoryDisk,
    });
    const environment = new MockActivityEnvironment();
    let largest = 0;
    environment.on('heartbeat', (details: unknown) => {
      if (details === undefined) return;
      largest = Math.max(largest, JSON.stringify(details).length);
    });
    const facts = await environment.run((input: typeof request) => activities.downloadModel(input), request);
    expect(facts).toMatchObject({ files: 10_000, bytesReused: 0 });
    expect(hub.stats.requests['POST paths-info']).toBe(10);
    expect(hub.stats.requests['GET resolve']).toBe(10_000);
    expect(hub.stats.connections).toBeLessThanOrEqual(64);
    expect(largest).toBeLessThan(1000);
  }, 180_000);
});

describe('a file beyond four gigabytes', () => {
  const size = 2 ** 32 + 200_000_000;

  it('is taken up where an earlier attempt left it, hashed whole, and costs little memory', async () => {
    const { repoFolder, cache, hub, run } = await transferBox({ 'weights.bin': '' }, { disk: memoryDisk });
    await truncate(join(repoFolder, 'weights.bin'), size);
    hub.setRepo('demo/model', { folder: repoFolder });
    await hub.commit('demo/model');
    // SHA-256 of so many zeros; the attempt before has all but the last ranges.
    const etag = 'f9290f3c2d953aa495a131a9a36e9b8f87c4115815ac3369a68e5b2d014ddd74';
    const kept = size - 100_000_000;
    await writeFiles(join(cache, 'blobs'), {
      [`${etag}.00000000.partial`]: '',
      [`${etag}.journal`]: JSON.stringify({ file: `${etag}.00000000.partial`, parts: [[0, kept]] }),
    });
    await truncate(join(cache, 'blobs', `${etag}.00000000.partial`), size);
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss - before)), 50);
    const facts = await run('downloadModel', requestOf([{ required: 'weights.bin' }]));
    clearInterval(watch);
    expect(facts).toMatchObject({ bytesTotal: size, bytesReused: kept, bytesFetched: 100_000_000 });
    expect(most).toBeLessThan(300e6);
  }, 180_000);
});

describe('a worker', () => {
  it('bounds its connections over all downloads', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`${index}.bin`, noise(30_000, index)]));
    const { hub, run } = await transferBox(files, { config: { maxConnections: 3 }, firstByteDelayMs: 20 });
    const all = Object.keys(files).map((required) => requestOf([{ required }]));
    await Promise.all(all.map((request) => run('downloadModel', request)));
    // Three to the hub and three to where it redirects.
    expect(hub.stats.connections).toBeLessThanOrEqual(6);
  });
});
