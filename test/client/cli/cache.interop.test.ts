import { mkdir, readdir, readFile, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { processSpace } from '../../../system/processes/process-space.js';
import { noise, requestOf, transferBox } from '../../helpers/transfer.js';

/** The store is a process of its own, so the built one. */
const cli = fileURLToPath(new URL('../../../dist/client/cli/main.js', import.meta.url));
const names = ['config.json', 'onnx/model.onnx'];

async function cacheBox() {
  const box = await transferBox({ 'config.json': '{}', 'onnx/model.onnx': noise(1_000_000) });
  await box.run('downloadModel', requestOf(names.map((required) => ({ required }))));
  const env = { MODEL_JOBS_HOME: box.config.home, HF_HUB_CACHE: box.config.hub.cacheDir, PATH: process.env['PATH'] };
  const cache = async (...args: string[]) =>
    execa(process.execPath, [cli, 'cache', ...args], { env, extendEnv: false, reject: false });
  /** What a killed download would leave. */
  const leavePartial = async (): Promise<string> => {
    const etag = 'ab'.repeat(32);
    await writeFile(join(box.cache, `blobs/${etag}.00000000.partial`), noise(5000));
    await writeFile(join(box.cache, `blobs/${etag}.journal`), '{}');
    await writeFile(join(box.cache, `blobs/${etag}.journal.12.34.tmp`), '');
    await writeFile(join(box.cache, `blobs/${etag}.12.34.tmp`), '');
    return etag;
  };
  return { ...box, cache, leavePartial };
}

describe('cache list', () => {
  it('shows bundles and what interrupted downloads left', async () => {
    const { cache, leavePartial, bundle } = await cacheBox();
    await leavePartial();
    const { exitCode, stdout } = await cache('list');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^BUNDLE +REVISION +COMMIT +FILES +SIZE +USED \(UTC\) +IN USE BY +PATH\ndemo\/model +main +[0-9a-f]{12} +2 +1\.0 MB /,
    );
    expect(stdout).toContain(bundle);
    expect(stdout).toMatch(/PARTIAL DOWNLOAD +SIZE +CHANGED \(UTC\)\ndemo\/model +12\.3 kB|demo\/model +8\.2 kB/);
  });

  it('leaves out a download that goes on', async () => {
    const { cache, leavePartial, folder } = await cacheBox();
    const etag = await leavePartial();
    await symlink(
      `${processSpace}:${process.pid}:00000000`,
      join(folder, 'hub/models--demo--model/blobs', `${etag}.lock`),
    );
    const { stdout } = await cache('list', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ bundles: [{ name: 'demo/model', files: 2 }], partials: [] });
  });

  it('says so when there is nothing', async () => {
    const { cache, folder } = await cacheBox();
    await rm(join(folder, 'home'), { recursive: true });
    expect((await cache('list')).stdout).toBe('no bundles');
  });
});

describe('cache verify', () => {
  it('finds what is wrong, and exits with 1', async () => {
    const { cache, bundle } = await cacheBox();
    expect(await cache('verify')).toMatchObject({ exitCode: 0, stdout: 'demo/model@main  valid  (2 files, 1.0 MB)' });
    const model = join(bundle, 'files/onnx/model.onnx');
    const bytes = await readFile(model);
    bytes[7]! ^= 1;
    await writeFile(model, bytes);
    const { exitCode, stdout } = await cache('verify', 'demo/model@main');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /not valid: 1 problem .*\n {2}`onnx\/model\.onnx` has sha256 [0-9a-f]{64}, expected [0-9a-f]{64}$/,
    );
  });

  it('names the bundle that is not there', async () => {
    const { cache } = await cacheBox();
    const { exitCode, stderr } = await cache('verify', 'demo/other');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('there is no bundle `demo/other`; there are demo/model@main');
  });
});

describe('cache remove', () => {
  it('removes the bundle that it is told, and leaves the hub cache', async () => {
    const { cache, folder } = await cacheBox();
    expect(await cache('remove', 'demo/model')).toMatchObject({
      exitCode: 0,
      stdout: 'removed demo/model@main\n1.0 MB in all',
    });
    expect(await readdir(join(folder, 'home/bundles/demo_model'))).toEqual([]);
    expect(await readdir(join(folder, 'hub/models--demo--model/blobs'))).toHaveLength(2);
  });

  it('removes what interrupted downloads left', async () => {
    const { cache, leavePartial, folder } = await cacheBox();
    await leavePartial();
    expect((await cache('remove', '--partials')).stdout).toContain('removed a partial download of demo/model');
    expect(await readdir(join(folder, 'hub/models--demo--model/blobs'))).toHaveLength(2);
  });

  it('asks what to remove', async () => {
    const { cache } = await cacheBox();
    expect(await cache('remove')).toMatchObject({ exitCode: 2 });
  });
});

describe('cache prune', () => {
  /** The model that `main` was before, used an hour ago, and a run that another followed. */
  async function pruneBox() {
    const box = await cacheBox();
    const first = await realpath(box.bundle);
    await writeFile(join(box.repoFolder, 'config.json'), '{"a":2}');
    box.hub.setRepo('demo/model', { folder: box.repoFolder });
    await box.run('downloadModel', requestOf(names.map((required) => ({ required }))));
    const model = dirname(dirname(first));
    const jobs = join(box.config.home, 'jobs/one');
    for (const run of ['run-a', 'run-b']) {
      await mkdir(join(jobs, run), { recursive: true });
      await writeFile(join(jobs, run, 'output.json'), run);
    }
    await symlink('run-b/output.json', join(jobs, 'output.json'));
    const hourAgo = new Date(Date.now() - 3_600_000);
    const old = [join(model, 'users'), join(model, 'files.json'), join(jobs, 'run-a/output.json'), join(jobs, 'run-a')];
    await mkdir(join(model, 'users'), { recursive: true });
    for (const path of old) await utimes(path, hourAgo, hourAgo);
    return { ...box, model, jobs };
  }

  it('removes what no name leads to and nobody has used, and earlier runs', async () => {
    const { cache, model, jobs, bundle } = await pruneBox();
    expect((await cache('prune')).stdout).toBe('nothing to remove');
    expect((await cache('list')).stdout).toMatch(/EARLIER RUN OF +SIZE .*\none +5 B /);
    const would = await cache('prune', '--days', '0.01', '--dry-run');
    expect(would.stdout).toMatch(/would remove demo\/model@main\nwould remove .*run-a\n1\.0 MB in all/);
    expect(await readdir(model)).toContain('files');
    expect((await cache('prune', '--days', '0.01')).stdout).toContain('removed demo/model@main');
    await expect(readdir(model)).rejects.toThrow('ENOENT');
    expect((await readdir(jobs)).sort()).toEqual(['output.json', 'run-b']);
    expect(await readFile(join(bundle, 'files/config.json'), 'utf8')).toBe('{"a":2}');
  });

  it('never takes what a job needs, and names the job', async () => {
    const { cache, model } = await pruneBox();
    await symlink(`${processSpace}:${process.pid}:00000000`, join(model, 'users/my-job.00000000.lock'));
    await writeFile(join(model, 'users/paused.job'), '{"jobId":"paused"}');
    const hourAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(model, 'users'), hourAgo, hourAgo);
    expect((await cache('list')).stdout).toContain('my-job, paused');
    expect((await cache('prune', '--days', '0.01')).stdout).not.toContain('demo/model');
    const removal = await cache('remove', 'demo/model');
    expect(removal).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('in use by my-job, paused') as string,
    });
    await rm(join(model, 'users/paused.job'));
    await rm(join(model, 'users/my-job.00000000.lock'));
    await utimes(join(model, 'users'), hourAgo, hourAgo);
    expect((await cache('prune', '--days', '0.01')).stdout).toContain('removed demo/model@main');
  });
});
