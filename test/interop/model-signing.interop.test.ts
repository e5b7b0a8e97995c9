import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pythonWith, type Python } from '../../bench/python.js';
import { publishOutputs } from '../../engine/datasets/publish-outputs.js';
import { gitPaths, hashFolder } from '../../engine/signing/folder-digests.js';
import { compareFiles, signFiles, verifySignature } from '../../engine/signing/signature.js';
import { parseModelAccessJobRequest, type ArtifactRef } from '../../planner/index.js';
import { temporaryFolder } from '../helpers/activity.js';
import { keyPair, type KeyPair } from '../helpers/signing-keys.js';

let python: Python | undefined;

beforeAll(async () => {
  // The second is one that the first needs and does not name.
  python = await pythonWith('model-signing', 'pyOpenSSL');
}, 300_000);

beforeEach((context) => context.skip(!python, 'no Python with model-signing'));

const files = { 'a/z': '1', 'a-b': '2', 'ünï/コード.json': '{}', empty: '', '.hidden': 'h', '.gitattributes': '*' };
const hashing = { ignoredPaths: [...gitPaths, 'model.sig'], allowSymlinks: false };

/** A model's folder with keys beside it. */
async function modelFolder(keys: KeyPair): Promise<{ folder: string; model: string }> {
  const folder = await temporaryFolder();
  const model = join(folder, 'model');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(model, path)), { recursive: true });
    await writeFile(join(model, path), content);
  }
  await writeFile(join(folder, 'private.pem'), keys.privatePem);
  await writeFile(join(folder, 'public.pem'), keys.publicPem);
  return { folder, model };
}

/** Python's own command line. Returns what it prints; its failure holds what it says on stderr. */
function modelSigning(verb: 'sign' | 'verify', folder: string, signature = 'model.sig'): Promise<string> {
  const key = verb === 'sign' ? ['--private_key', 'private.pem'] : ['--public_key', 'public.pem'];
  const args = [verb, 'key', 'model', '--signature', `model/${signature}`, ...key];
  const inFolder =
    'import os, runpy, sys; os.chdir(sys.argv.pop(1)); runpy.run_module("model_signing", run_name="__main__")';
  return python!.run(['-c', inFolder, folder, ...args], { PYTHONUTF8: '1' });
}

describe.each(['P-256', 'P-384', 'P-521'])('with a key on %s', (curve) => {
  const keys = keyPair(curve);

  it('Python verifies what we signed', async () => {
    const { folder, model } = await modelFolder(keys);
    const signed = { name: 'model', files: await hashFolder(model, hashing), ...hashing };
    await writeFile(join(model, 'model.sig'), signFiles(signed, keys.signing));
    expect(await modelSigning('verify', folder)).toContain('Verification succeeded');
  });

  it('we verify what Python signed, and sign the same', async () => {
    const { folder, model } = await modelFolder(keys);
    expect(await modelSigning('sign', folder)).toContain('Signing succeeded');
    const theirs = verifySignature(await readFile(join(model, 'model.sig'), 'utf8'), [keys.trusted]);
    const digests = await hashFolder(model, theirs);
    expect(compareFiles(theirs, digests)).toEqual([]);
    expect([...theirs.ignoredPaths].sort()).toEqual([...hashing.ignoredPaths].sort());
    const ours = verifySignature(signFiles({ ...theirs, files: digests }, keys.signing), [keys.trusted]);
    expect([...ours.files]).toEqual([...theirs.files]);
  });
});

it('Python finds fault with what is not as we signed it', async () => {
  const keys = keyPair();
  const { folder, model } = await modelFolder(keys);
  const signed = { name: 'model', files: await hashFolder(model, hashing), ...hashing };
  await writeFile(join(model, 'model.sig'), signFiles(signed, keys.signing));
  await writeFile(join(model, 'a-b'), '3');
  await writeFile(join(model, 'added'), '');
  await rm(join(model, 'empty'));
  await expect(modelSigning('verify', folder)).rejects.toThrow(
    /Extra files found in model 'model': added.*Missing files in model 'model': empty.*Hash mismatch for.*a-b/,
  );
  await writeFile(join(folder, 'public.pem'), keyPair().publicPem);
  await expect(modelSigning('verify', folder)).rejects.toThrow('Key mismatch');
});

it('Python verifies the outputs of a batch, beside what the batch keeps there', async () => {
  const keys = keyPair();
  const { folder, model } = await modelFolder(keys);
  const artifact = async (id: string, text: string): Promise<ArtifactRef> => {
    await writeFile(join(model, `${id}.jsonl`), text);
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { id, kind: 'json', mediaType: 'text/plain', uri: `file://${model}/${id}.jsonl`, sha256, metadata: {} };
  };
  const artifacts = [await artifact('output', '{"index":0}\n'), await artifact('errors', '')];
  const request = parseModelAccessJobRequest({
    kind: 'BatchInference',
    backend: 'heuristic',
    spec: { name: 'm', task: 'ocr', source: { kind: 'local_path', path: '/m' }, files: [] },
  });
  const manifest = { rows: 1, succeeded: 1, failed: 0, artifacts };
  await publishOutputs({ request, folder: model, manifest, key: keys.signing }, new AbortController().signal);
  expect(await modelSigning('verify', folder, '_SUCCESS.sig')).toContain('Verification succeeded');
  await writeFile(join(model, 'output.jsonl'), '{"index":1}\n');
  await expect(modelSigning('verify', folder, '_SUCCESS.sig')).rejects.toThrow(/Hash mismatch for.*output/);
});
