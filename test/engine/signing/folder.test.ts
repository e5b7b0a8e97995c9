import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signFolder } from '../../../engine/signing/sign-folder.js';
import { verifyFolder } from '../../../engine/signing/verify-folder.js';
import { temporaryFolder } from '../../helpers/activity.js';
import { keyPair } from '../../helpers/signing-keys.js';

const [ours, theirs] = [keyPair(), keyPair('P-256', 'theirs.pem')];
const plain = { ignorePaths: [], allowSymlinks: false };

async function modelFolder() {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'onnx'));
  await writeFile(join(folder, 'config.json'), '{}');
  await writeFile(join(folder, 'onnx/model.onnx'), 'weights');
  const sign = (options: object = {}) => signFolder({ action: 'sign', folder, ...plain, ...options }, ours.signing);
  const verify = (options: object = {}, keys = [ours.trusted]) =>
    verifyFolder({ action: 'verify', folder, ...plain, ignoreUnsignedFiles: false, ...options }, keys);
  return { sign, verify, path: (name: string) => join(folder, name) };
}

describe('a folder that was signed', () => {
  it('is found as it was signed, until it is signed again', async () => {
    const { sign, verify, path } = await modelFolder();
    expect(await sign()).toEqual({ signature: path('model.sig'), key: ours.trusted.hint, files: 2 });
    expect(await verify()).toMatchObject({ valid: true, files: 2, ignoredPaths: [], problems: [] });
    await writeFile(path('config.json'), '[]');
    expect(await verify()).toMatchObject({ valid: false });
    await sign();
    expect(await verify()).toMatchObject({ valid: true });
  });

  it('tells each file that is changed, added or gone', async () => {
    const { sign, verify, path } = await modelFolder();
    await sign();
    await writeFile(path('config.json'), '{ }');
    await writeFile(path('extra.txt'), '');
    await rm(path('onnx/model.onnx'));
    const problems = ['`config.json` is not what was signed', '`onnx/model.onnx` is missing'];
    expect(await verify({ ignoreUnsignedFiles: true })).toMatchObject({ valid: false, problems });
    expect((await verify()).problems.sort()).toEqual([...problems, '`extra.txt` is not among the signed files'].sort());
  });

  it('is not signed by a stranger, nor by whoever wrote the signature anew', async () => {
    const { sign, verify, path } = await modelFolder();
    await sign();
    const stranger = `it is signed by key ${ours.trusted.hint.slice(0, 12)}, not by one of theirs.pem`;
    expect((await verify({}, [theirs.trusted])).problems).toEqual([expect.stringContaining(stranger)]);
    await writeFile(path('model.sig'), '{}');
    expect((await verify()).problems).toEqual([expect.stringContaining("the signature can't be read")]);
  });

  it('tells what its signer left out', async () => {
    const { sign, verify, path } = await modelFolder();
    await sign({ signature: path('our.sig'), ignorePaths: [path('onnx')] });
    expect(await verify({ signature: path('our.sig') })).toMatchObject({
      valid: true,
      files: 1,
      ignoredPaths: ['onnx'],
    });
    await mkdir(path('.github'));
    await writeFile(path('.github/evil.gguf'), 'unsigned');
    expect((await verify({ signature: path('our.sig') })).ignoredPaths).toEqual(['onnx', '.github']);
  });
});

describe('what is refused', () => {
  it.each([
    ['a folder that is not there', { folder: '/nowhere/model' }, 'folder `/nowhere/model` does not exist'],
    ['a file', { folder: process.execPath }, 'is no folder'],
    ['a path to leave out that is elsewhere', { ignorePaths: ['/etc'] }, '`/etc` is not in'],
  ])('%s', async (_name, options, message) => {
    const { sign } = await modelFolder();
    await expect(sign(options)).rejects.toThrow(message);
  });

  it('a folder without a signature, and one without a file', async () => {
    const { sign, verify, path } = await modelFolder();
    await expect(verify()).rejects.toThrow(`there is no signature at \`${path('model.sig')}\``);
    await mkdir(path('empty'));
    await expect(sign({ folder: path('empty') })).rejects.toThrow('holds no file to sign');
  });

  it('a link, until what it leads to is to be taken', async () => {
    const { sign, verify, path } = await modelFolder();
    await symlink(path('config.json'), path('link'));
    await expect(sign()).rejects.toThrow('is a link; --allow-symlinks');
    await sign({ allowSymlinks: true });
    expect(await verify()).toMatchObject({ valid: true, files: 3 });
  });
});
