import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openActivities } from '../../../../activities/index.js';
import type { SigningConfig } from '../../../../activities/config.js';
import { createBundleDigests } from '../../../../engine/bundles/signatures/bundle-digests.js';
import { gitPaths, hashFolder } from '../../../../engine/signing/folder-digests.js';
import { signFiles } from '../../../../engine/signing/signature.js';
import { activityEnvironment } from '../../../helpers/activity.js';
import { modelBox } from '../../../helpers/model.js';
import { keyPair } from '../../../helpers/signing-keys.js';

const ours = keyPair();
const theirs = keyPair('P-256', 'theirs.pem');

/** A worker with keys, and the demo's model in a local folder. */
async function signingBox(signing: SigningConfig) {
  const box = await modelBox();
  const { activities, close } = openActivities({ ...box.config, signing });
  onTestFinished(close);
  const model = join(box.folder, 'model');
  const publish = async (pair = ours): Promise<void> => {
    const options = { ignoredPaths: [...gitPaths, 'model.sig'], allowSymlinks: false };
    const files = await hashFolder(model, options);
    await writeFile(join(model, 'model.sig'), signFiles({ name: 'model', files, ...options }, pair.signing));
  };
  const request = box.request('Inference', { inputs: [{ kind: 'json', value: 'good' }] });
  const infer = () => box.run(activities.runInference, request);
  const make = () => box.run(activities.materializeBundle, box.request('MaterializeBundle'));
  return { ...box, activities, model, publish, infer, make };
}

const trusting = { trust: [ours.trusted] };

describe('a worker that trusts keys', () => {
  it('loads a model that one of them signed, with more files than the request names', async () => {
    const { publish, infer } = await signingBox(trusting);
    await publish();
    expect((await infer()).outputs).toHaveLength(1);
  });

  it('never loads one that nobody signed, and names repository, file and key', async () => {
    const { infer, model } = await signingBox(trusting);
    await expect(infer()).rejects.toMatchObject({
      type: 'PermissionDenied',
      nonRetryable: true,
      message: expect.stringContaining(
        `\`${model}\` is not signed by a key that this worker trusts (ours.pem`,
      ) as string,
      details: [{ details: { repository: model, file: 'model.sig' } }],
    });
  });

  it('never loads one that another key signed', async () => {
    const { publish, infer } = await signingBox(trusting);
    await publish(theirs);
    await expect(infer()).rejects.toThrow(`it is signed by key ${theirs.trusted.hint.slice(0, 12)}`);
  });

  it('notices a byte that changed in the bundle, its time set back, though the model is warm', async () => {
    const { publish, infer, make } = await signingBox(trusting);
    await publish();
    const { bundleRoot } = await make();
    await infer();
    const file = join(bundleRoot, 'files', 'config.json');
    const [text, { atime, mtimeMs }] = [await readFile(file, 'utf8'), await stat(file)];
    await rm(file);
    await writeFile(file, text.replace('{', ' '));
    // In the same millisecond: what a bundle looks at.
    await utimes(file, atime, (Math.floor(mtimeMs) + 0.5) / 1000);
    await expect(infer()).rejects.toMatchObject({
      message: expect.stringContaining('`config.json` is not what was signed by key ours.pem') as string,
      details: [{ details: { file: 'config.json', key: ours.trusted.hint } }],
    });
  });

  it('notices a file that was added to the bundle', async () => {
    const { publish, infer, make } = await signingBox(trusting);
    await publish();
    const { bundleRoot } = await make();
    await writeFile(join(bundleRoot, 'files', 'extra.json'), '{}');
    await expect(infer()).rejects.toThrow('`extra.json` is not among the files signed by key ours.pem');
  });

  it.each(['.github/evil.gguf', '.gitattributes', '.git/config'])(
    'refuses `%s`, which signers leave out',
    async (file) => {
      const { publish, infer, make, model } = await signingBox(trusting);
      await publish();
      const { bundleRoot } = await make();
      const added = join(bundleRoot, 'files', file);
      await mkdir(dirname(added), { recursive: true });
      await writeFile(added, 'unsigned');
      await expect(infer()).rejects.toMatchObject({
        type: 'PermissionDenied',
        message: expect.stringContaining(`\`${file}\` is not among the files signed by key ours.pem`) as string,
        details: [{ details: { repository: model, file, key: ours.trusted.hint } }],
      });
    },
  );

  it('refuses a bundle that holds the signature alone, and what lies in a folder of its name', async () => {
    const { publish, activities, request, run, make } = await signingBox(trusting);
    await publish();
    const wanted = request('Inference', { inputs: [{ kind: 'json', value: 'good' }] });
    const alone = { ...wanted, spec: { ...wanted.spec, files: [{ required: 'model.sig' }] } };
    await expect(run(activities.runInference, alone)).rejects.toThrow('there is no file to check');
    const { bundleRoot } = await make();
    await mkdir(join(bundleRoot, 'files', 'model.sig'));
    await writeFile(join(bundleRoot, 'files', 'model.sig', 'evil.gguf'), 'unsigned');
    await expect(createBundleDigests()(bundleRoot, new AbortController().signal)).resolves.toHaveProperty('size', 5);
  });

  it('goes on with the signature that it has seen, when the source is gone', async () => {
    const { publish, infer, model } = await signingBox(trusting);
    await publish();
    await infer();
    await rm(join(model, 'model.sig'));
    expect((await infer()).outputs).toHaveLength(1);
  });
});

describe('a worker with a key to sign', () => {
  it('signs the bundles that it makes, and another that trusts the key loads them', async () => {
    const { config, request, make } = await signingBox({ key: ours.signing });
    await make();
    const { activities, close } = openActivities({ ...config, signing: trusting });
    onTestFinished(close);
    const { environment } = activityEnvironment();
    const wanted = request('Inference', { inputs: [{ kind: 'json', value: 'good' }] });
    expect(await environment.run(activities.runInference, wanted)).toMatchObject({ inputCount: 1 });
  });

  it('does not sign what it would not load', async () => {
    const { make, infer } = await signingBox({ key: ours.signing, ...trusting });
    const { bundleRoot } = await make();
    await expect(stat(join(bundleRoot, 'model.sig'))).rejects.toThrow('ENOENT');
    await expect(infer()).rejects.toThrow('there is no `model.sig`');
  });
});
