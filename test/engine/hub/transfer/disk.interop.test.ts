import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { temporaryFolder } from '../../../helpers/activity.js';
import { noise, requestOf, transferBox, workerOn } from '../../../helpers/transfer.js';

const path = 'model.safetensors';
const size = 40_000_000;
const request = requestOf([{ required: path }]);

/** A disk of so many bytes; only root may make one. */
async function smallDisk(context: TestContext, bytes: number): Promise<string> {
  const folder = await temporaryFolder();
  const { failed, stderr } = await execa('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], {
    reject: false,
  });
  if (failed) context.skip(`no small disk can be mounted here: ${stderr}`);
  onTestFinished(async () => {
    await execa('umount', [folder]);
  });
  return folder;
}

describe('a disk that is', () => {
  it('too small is told before the first byte, with what is missing', async (context) => {
    const disk = await smallDisk(context, 80_000_000);
    const { hub } = await transferBox({ [path]: noise(size) });
    const { run } = workerOn(disk, hub);
    await expect(run('downloadModel', request)).rejects.toMatchObject({
      type: 'ResourceLimit',
      nonRetryable: true,
      message: expect.stringMatching(
        /80003072 bytes free|\d+ bytes free, 40000000 are needed .* \d+ bytes are missing/,
      ) as string,
    });
    expect(hub.stats.bytes).toEqual({});
  });

  it('filled by others in the middle is one clear failure, and the download goes on when there is room', async (context) => {
    const disk = await smallDisk(context, 120_000_000);
    const { hub } = await transferBox({ [path]: noise(size) }, { bytesPerSecond: 5_000_000 });
    const { run, bundle } = workerOn(disk, hub);
    const running = run('downloadModel', request);
    const filler = join(disk, 'filler');
    const fill = async (): Promise<void> => {
      await expect.poll(() => running.progress.at(-1)?.completed ?? 0, { timeout: 15_000 }).toBeGreaterThan(5_000_000);
      await writeFile(filler, noise(110_000_000)).catch(() => undefined);
    };
    await Promise.all([
      expect(running).rejects.toMatchObject({
        type: 'ResourceLimit',
        nonRetryable: true,
        message: expect.stringContaining('ENOSPC') as string,
      }),
      fill(),
    ]);
    const kept = running.progress.at(-1)!.completed;
    await rm(filler);
    const facts = await run('downloadModel', request);
    expect(facts.bytesReused).toBeGreaterThan(kept * 0.8);
    expect((await readFile(join(bundle, 'files', path))).equals(noise(size))).toBe(true);
  });
});

it('a bundle on another disk than the cache is a copy', async (context) => {
  const other = await mkdtemp('/dev/shm/model-jobs-test-').catch(() => undefined);
  if (other === undefined) return context.skip('there is no other disk here');
  onTestFinished(() => rm(other, { recursive: true, force: true }));
  const { hub, cache, config } = await transferBox({ [path]: noise(1000) });
  await mkdir(join(other, 'home'), { recursive: true });
  const { run, bundle } = workerOn(other, hub, { cacheDir: config.hub.cacheDir });
  await run('downloadModel', request);
  expect((await lstat(join(bundle, 'files', path))).nlink).toBe(1);
  expect((await readFile(join(bundle, 'files', path))).equals(noise(1000))).toBe(true);
  expect(await readdir(join(cache, 'blobs'))).toHaveLength(1);
});
