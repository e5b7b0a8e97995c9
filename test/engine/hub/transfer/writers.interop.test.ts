import { createHash } from 'node:crypto';
import { lutimes, mkdir, open, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { noise, requestOf, transferBox } from '../../../helpers/transfer.js';

const program = fileURLToPath(new URL('../../../helpers/fetch-once.js', import.meta.url));
const path = 'model.safetensors';
const size = 12_000_000;
const etag = createHash('sha256').update(noise(size)).digest('hex');
const request = requestOf([{ required: path }]);

describe('two downloads of one file', () => {
  it('in two processes fetch each byte once', async () => {
    const { hub, folder } = await transferBox({ [path]: noise(size) }, { bytesPerSecond: 6_000_000 });
    await hub.commit('demo/model');
    const fetch = () => execa(process.execPath, [program, hub.url, join(folder, 'hub'), 'demo/model', path]);
    const counts = (await Promise.all([fetch(), fetch()])).map(
      ({ stdout }) => JSON.parse(stdout.split('\n').at(-1)!) as { fetched: number; reused: number },
    );
    expect(counts.map(({ fetched }) => fetched).sort((one, other) => one - other)).toEqual([0, size]);
    expect(hub.stats.bytes[`demo/model/${path}`]).toBe(size);
  });
});

describe('an attempt that was given up and still lives', () => {
  /** What an attempt on another host left: its first bytes, and a lock that it has not touched for a minute. */
  async function silentHolder(cache: string, age: number) {
    const blobs = join(cache, 'blobs');
    const partial = join(blobs, `${etag}.0000aaaa.partial`);
    await mkdir(blobs, { recursive: true });
    await writeFile(partial, noise(size).subarray(0, 5_000_000));
    await writeFile(
      join(blobs, `${etag}.journal`),
      JSON.stringify({ file: `${etag}.0000aaaa.partial`, parts: [[0, 5_000_000]] }),
    );
    const lock = join(blobs, `${etag}.lock`);
    await symlink('another-host:1:0000aaaa', lock);
    const then = new Date(Date.now() - age);
    await lutimes(lock, then, then);
    return { partial, lock };
  }

  it('can’t corrupt its successor’s file, which begins with a copy of what it had', async () => {
    const { run, cache, bundle } = await transferBox({ [path]: noise(size) }, { bytesPerSecond: 4_000_000 });
    const { partial } = await silentHolder(cache, 60_000);
    const zombie = await open(partial, 'r+');
    const running = run('downloadModel', request);
    await expect.poll(() => running.progress.at(-1)?.completed ?? 0, { timeout: 20_000 }).toBeGreaterThan(5_500_000);
    await zombie.write(Buffer.alloc(1_000_000), 0, 1_000_000, 0);
    const facts = await running;
    await zombie.write(Buffer.alloc(1_000_000), 0, 1_000_000, 2_000_000);
    await zombie.close();
    expect(facts).toMatchObject({ bytesReused: 5_000_000, bytesFetched: size - 5_000_000 });
    expect((await readFile(join(bundle, 'files', path))).equals(noise(size))).toBe(true);
  });

  it('is waited for while it shows that it lives', async () => {
    const { run, cache } = await transferBox({ [path]: noise(size) });
    const { lock } = await silentHolder(cache, 0);
    const running = run('downloadModel', request);
    await new Promise((done) => setTimeout(done, 600));
    expect(running.progress.some(({ completed }) => completed > 0)).toBe(false);
    const then = new Date(Date.now() - 60_000);
    await lutimes(lock, then, then);
    await running;
    expect((await readdir(join(cache, 'blobs'))).includes(etag)).toBe(true);
    await expect(stat(lock)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
