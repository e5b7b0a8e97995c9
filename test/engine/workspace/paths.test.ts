import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createPathGuard } from '../../../engine/workspace/paths.js';
import { writeFileAtomic } from '../../../system/files/atomic-write.js';
import { temporaryFolder } from '../../helpers/activity.js';

describe('a path that a request names', () => {
  it('is taken inside a root, whether it exists or not', async () => {
    const { guard, root } = await guardedRoot();
    await writeFile(join(root, 'in.txt'), 'x');
    expect(await guard.resolve(join(root, 'in.txt'), 'inputs[0].value')).toBe(join(root, 'in.txt'));
    expect(await guard.resolve(join(root, 'new/deep/out.txt'), 'out')).toBe(join(root, 'new/deep/out.txt'));
    expect(await guard.resolve(root, 'folder')).toBe(root);
  });

  it('may begin with dots that lead nowhere', async () => {
    const { guard, root } = await guardedRoot();
    expect(await guard.resolve(join(root, '..data'), 'inputs[0].value')).toBe(join(root, '..data'));
  });

  it.each([
    ['outside', '/etc/passwd'],
    ['up and out', 'root/../../secret'],
    ['in a folder whose name only begins like a root', 'root-2/file'],
  ])('is refused %s', async (_where, path) => {
    const { guard, folder } = await guardedRoot();
    await expect(
      guard.resolve(join(path.startsWith('/') ? '' : folder, path), 'inputs[0].value'),
    ).rejects.toMatchObject({
      code: 'PermissionDenied',
      message: expect.stringMatching(/inputs\[0\]\.value .*MODEL_JOBS_ROOTS/) as string,
    });
  });

  it('is refused when a link leads out, even to what does not exist yet', async () => {
    const { guard, folder, root } = await guardedRoot();
    await mkdir(join(folder, 'outside'));
    await symlink(join(folder, 'outside'), join(root, 'link'));
    await expect(guard.resolve(join(root, 'link/new.txt'), 'out')).rejects.toMatchObject({ code: 'PermissionDenied' });
  });

  it('is refused when a dangling link leads out', async () => {
    const { guard, folder, root } = await guardedRoot();
    await symlink(join(folder, 'not-there'), join(root, 'dangling'));
    await expect(guard.resolve(join(root, 'dangling'), 'out')).rejects.toMatchObject({ code: 'PermissionDenied' });
  });

  it('may go through a link that stays inside', async () => {
    const { guard, root } = await guardedRoot();
    await mkdir(join(root, 'real'));
    await symlink('real', join(root, 'alias'));
    expect(await guard.resolve(join(root, 'alias/x'), 'in')).toBe(join(root, 'real/x'));
  });

  it('may not hold a NUL byte', async () => {
    const { guard } = await guardedRoot();
    await expect(guard.resolve('a\0b', 'in')).rejects.toMatchObject({ code: 'InvalidArgument' });
  });
});

describe('a root', () => {
  it('opens nothing hidden below it, and what is hidden where it is a root itself', async () => {
    const { guard, folder, root } = await guardedRoot();
    for (const path of ['.env', '.git/config', 'deep/.ssh/id'])
      await expect(guard.resolve(join(root, path), 'inputs[0].value')).rejects.toMatchObject({
        code: 'PermissionDenied',
        message: expect.stringMatching(/`\.\w+` is hidden.*MODEL_JOBS_ROOTS/) as string,
      });
    const inner = createPathGuard([folder, join(root, '.cache')]);
    expect(await inner.resolve(join(root, '.cache/model'), 'spec.source.path')).toBe(join(root, '.cache/model'));
    await expect(inner.resolve(join(root, '.cache/.token'), 'in')).rejects.toMatchObject({ code: 'PermissionDenied' });
  });

  it('opens no link that leads to what is hidden, but what Kubernetes mounts behind one', async () => {
    const { guard, root } = await guardedRoot();
    await writeFile(join(root, '.env'), 'SECRET=1');
    await symlink('.env', join(root, 'env.txt'));
    await expect(guard.resolve(join(root, 'env.txt'), 'in')).rejects.toMatchObject({ code: 'PermissionDenied' });
    await mkdir(join(root, '..2025_01_31_10_00_00.1'));
    await symlink('..2025_01_31_10_00_00.1', join(root, '..data'));
    await symlink('..data/rows.jsonl', join(root, 'rows.jsonl'));
    expect(await guard.resolve(join(root, 'rows.jsonl'), 'in')).toMatch(/rows\.jsonl$/);
  });

  it.each(['jobs/other/output.json', 'bundles/.by-digest/x', 'server/temporal.db', 'data/rows.jsonl', 'new'])(
    "around a worker's home opens no %s there",
    async (path) => {
      const { root } = await guardedRoot();
      const home = join(root, 'home');
      const guard = createPathGuard([root], { home });
      await expect(guard.location(join(home, path), 'options.batch.output')).rejects.toMatchObject({
        code: 'PermissionDenied',
        message: expect.stringMatching(/options\.batch\.output .*keeps .*home.* to itself/) as string,
      });
    },
  );

  it("at a worker's home opens no room of the worker's; one inside opens itself", async () => {
    const { root: home } = await guardedRoot();
    const guard = createPathGuard([home], { home });
    expect(await guard.resolve(join(home, 'rows.jsonl'), 'in')).toBe(join(home, 'rows.jsonl'));
    await expect(guard.resolve(join(home, 'jobs/other/stdout.log'), 'in')).rejects.toMatchObject({
      code: 'PermissionDenied',
    });
    const data = createPathGuard([join(home, 'data')], { home });
    expect(await data.resolve(join(home, 'data/rows.jsonl'), 'in')).toBe(join(home, 'data/rows.jsonl'));
  });

  it('opens no file with a secret of the worker', async () => {
    const { root } = await guardedRoot();
    const guard = createPathGuard([root], { secretFiles: [join(root, 'token')] });
    await expect(guard.resolve(join(root, 'token'), 'in')).rejects.toMatchObject({ code: 'PermissionDenied' });
  });
});

describe("a file of another job's folder", () => {
  it('is opened to who knows its SHA-256, and tells others nothing of it', async () => {
    const { folder, root } = await guardedRoot();
    const home = join(folder, 'home');
    const path = join(home, 'jobs/other/run-1/output.json');
    await writeFileAtomic(path, '[1]');
    await writeFileAtomic(join(home, 'server/dev.json'), '[1]');
    const guard = createPathGuard([root], { home });
    const uri = pathToFileURL(path).href;
    const sha256 = createHash('sha256').update('[1]').digest('hex');
    expect(await guard.artifact({ uri, sha256 }, 'inputs[0].value.uri')).toBe(path);
    for (const other of ['0'.repeat(64), null, undefined])
      await expect(guard.artifact({ uri, sha256: other }, 'inputs[0].value.uri')).rejects.toMatchObject({
        code: 'PermissionDenied',
        message: expect.stringMatching(/inputs\[0\]\.value\.uri .*is of another job/) as string,
      });
    const elsewhere = pathToFileURL(join(home, 'server/dev.json')).href;
    await expect(guard.artifact({ uri: elsewhere, sha256 }, 'in')).rejects.toMatchObject({ code: 'PermissionDenied' });
  });
});

describe('a location that a request names', () => {
  const guard = createPathGuard(['/data', 's3://bucket/jobs']);

  it.each(['s3://bucket/jobs', 's3://bucket/jobs/', 's3://bucket/jobs/a/b.jsonl'])('may be %s', async (uri) => {
    expect(await guard.location(uri, 'inputs[0].value')).toBe(uri);
  });

  it.each(['s3://bucket/jobs-2/a', 's3://bucket', 's3://other/jobs/a'])('is refused at %s', async (uri) => {
    await expect(guard.location(uri, 'inputs[0].value')).rejects.toMatchObject({
      code: 'PermissionDenied',
      message: expect.stringMatching(/inputs\[0\]\.value .*MODEL_JOBS_ROOTS/) as string,
    });
  });

  it.each(['s3://bucket/jobs/../a', 's3://bucket/jobs//a', 's3://', 's3://B/..', 'gs://bucket/jobs/a'])(
    'is no URI as %s',
    async (uri) => {
      await expect(guard.location(uri, 'out')).rejects.toMatchObject({ code: 'InvalidUri' });
    },
  );

  it('may be a path or a file URI', async () => {
    const { guard: local, root } = await guardedRoot();
    expect(await local.location(join(root, 'a b'), 'out')).toBe(join(root, 'a b'));
    expect(await local.location(`file://${root}/a%20b`, 'out')).toBe(join(root, 'a b'));
    await expect(local.location('file:///etc/passwd', 'out')).rejects.toMatchObject({ code: 'PermissionDenied' });
    await expect(local.location('s3://bucket/a', 'out')).rejects.toMatchObject({ code: 'PermissionDenied' });
  });
});

async function guardedRoot() {
  const folder = await temporaryFolder();
  const root = join(folder, 'root');
  await mkdir(root);
  return { folder, root, guard: createPathGuard([root]) };
}
