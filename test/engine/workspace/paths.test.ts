import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPathGuard } from '../../../engine/workspace/paths.js';
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
