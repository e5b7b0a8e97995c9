import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/activity.js';
import { keyPair } from '../../helpers/signing-keys.js';

/** The keys are read by a process of its own, so the built one. */
const cli = fileURLToPath(new URL('../../../dist/client/cli/main.js', import.meta.url));
const ours = keyPair();
const hint = ours.trusted.hint.slice(0, 12);

/** A folder with a model, keys beside it, and the command line, which runs there. */
async function signingBox() {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'model'));
  await writeFile(join(folder, 'model/config.json'), '{}');
  await writeFile(join(folder, 'model/model.onnx'), 'weights');
  await writeFile(join(folder, 'key.pem'), ours.privatePem);
  await mkdir(join(folder, 'trust'));
  await writeFile(join(folder, 'trust/ours.pem'), ours.publicPem);
  const run = async (args: string, env: NodeJS.ProcessEnv = {}) =>
    execa(process.execPath, [cli, ...args.split(' ')], { cwd: folder, env, extendEnv: false, reject: false });
  return { run, model: (path: string) => join(folder, 'model', path) };
}

it('signs a folder, and finds it as it was signed or what is wrong with it', async () => {
  const { run, model } = await signingBox();
  const signed = await run('sign model --key key.pem');
  expect(signed).toMatchObject({ exitCode: 0, stdout: `signed 2 files by key ${hint}: ${model('model.sig')}` });
  const verified = await run('verify model --trust trust');
  expect(verified).toMatchObject({ exitCode: 0, stdout: `verified 2 files, signed by key ours.pem (${hint})` });
  await writeFile(model('config.json'), '{ }');
  const { exitCode, stdout } = await run('verify model --trust trust');
  expect(stdout).toContain('not as signed by key ours.pem');
  expect(stdout).toContain('  `config.json` is not what was signed');
  expect(exitCode).toBe(1);
});

it('takes its keys from the worker’s environment, and the flags of the Python `model_signing`', async () => {
  const { run } = await signingBox();
  const env = { MODEL_JOBS_SIGNING_KEY: 'key.pem', MODEL_JOBS_TRUST: 'trust' };
  const signed = await run('sign model --signature our.sig --ignore-paths model/model.onnx --json', env);
  expect(JSON.parse(signed.stdout)).toMatchObject({ files: 1, key: ours.trusted.hint });
  const verified = await run('verify model --signature our.sig --public-key trust/ours.pem --json');
  expect(JSON.parse(verified.stdout)).toMatchObject({ valid: true, ignoredPaths: ['model.onnx'] });
});

it('refuses a bad key with 2, and names its flag', async () => {
  const { run } = await signingBox();
  const none = await run('sign model');
  expect(none).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('give --key, or set MODEL_JOBS_SIGNING') as string,
  });
  const wrong = await run('verify model --trust key.pem');
  expect(wrong).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/--trust: .* holds a PRIVATE KEY/) as string,
  });
});
