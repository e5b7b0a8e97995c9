import { createHash, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { gitPaths, hashFolder } from '../../../engine/signing/folder-digests.js';
import { readTrustedKeys } from '../../../engine/signing/keys.js';
import { compareFiles, signFiles, verifySignature } from '../../../engine/signing/signature.js';
import { keyPair } from '../../helpers/signing-keys.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const ours = keyPair();
const files = new Map([
  ['config.json', sha256('{}')],
  ['onnx/model.onnx', sha256('weights')],
]);
const signed = { name: 'demo', files, ignoredPaths: [...gitPaths], allowSymlinks: false };
const text = signFiles(signed, ours.signing);

type Bundle = {
  mediaType: string;
  verificationMaterial: { publicKey?: { hint?: string } };
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string; keyid: string }[] };
};

/** The signature, changed and not signed again. */
function changed(change: (bundle: Bundle) => void): string {
  const bundle = JSON.parse(text) as Bundle;
  change(bundle);
  return JSON.stringify(bundle);
}

type Resource = { name: string; algorithm: string; digest: string };
type Statement = {
  _type: string;
  predicateType: string;
  subject: { digest: { sha256: string } }[];
  predicate: { serialization: Record<string, unknown>; resources: Resource[] };
};

/** A statement that our key has signed for sure, in a form that we would not write. */
function signedAnew(change: (statement: Statement) => void, type = 'application/vnd.in-toto+json'): string {
  return changed(({ dsseEnvelope }) => {
    const statement = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as Statement;
    change(statement);
    const hash = createHash('sha256');
    for (const { digest } of statement.predicate.resources) hash.update(digest, 'hex');
    if (statement.subject[0]!.digest.sha256 !== 'wrong') statement.subject[0]!.digest.sha256 = hash.digest('hex');
    else statement.subject[0]!.digest.sha256 = sha256('wrong');
    const payload = Buffer.from(JSON.stringify(statement));
    const pair = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
    dsseEnvelope.payload = payload.toString('base64');
    dsseEnvelope.payloadType = type;
    dsseEnvelope.signatures[0]!.sig = sign('sha256', pair, ours.privatePem).toString('base64');
  });
}

describe('a signature', () => {
  it.each(['P-256', 'P-384', 'P-521'])('by a key on %s holds', (curve) => {
    const { signing, trusted } = keyPair(curve);
    expect(verifySignature(signFiles(signed, signing), [keyPair().trusted, trusted])).toEqual({
      ...signed,
      key: trusted,
    });
  });

  it('lists files by the parts of their paths, and by code points', () => {
    const names = ['a-b', 'a/z', 'a', '\u{1F600}', '\uFF01', 'B'];
    const one = signFiles({ ...signed, files: new Map(names.map((name) => [name, sha256(name)])) }, ours.signing);
    const { files: read } = verifySignature(one, [ours.trusted]);
    expect([...read.keys()]).toEqual(['B', 'a', 'a/z', 'a-b', '\uFF01', '\u{1F600}']);
  });

  it('of another key is refused, and both keys are named', () => {
    const other = keyPair('P-256', 'other.pem').trusted;
    const message = `it is signed by key ${ours.trusted.hint.slice(0, 12)}, not by one of other.pem (${other.hint.slice(0, 12)})`;
    expect(() => verifySignature(text, [other])).toThrow(message);
  });

  it('that only names a trusted key is refused', () => {
    const theirs = keyPair().signing;
    const forged = signFiles(signed, { ...theirs, hint: ours.trusted.hint });
    expect(() => verifySignature(forged, [ours.trusted])).toThrow('the signature is not one by key ours.pem');
  });

  it('that names no key holds by the one that made it', () => {
    const unnamed = changed(({ verificationMaterial }) => delete verificationMaterial.publicKey!.hint);
    expect(verifySignature(unnamed, [keyPair().trusted, ours.trusted]).key).toBe(ours.trusted);
    expect(() => verifySignature(unnamed, [keyPair().trusted])).toThrow('it is signed by an unknown key');
  });

  it('counts no longer once the certificate of its key has ended', () => {
    const expired = { ...ours.trusted, expiresAt: Date.now() - 1 };
    expect(() => verifySignature(text, [expired])).toThrow(/not by one of ours.pem \(.*\), expired/);
  });

  it.each([
    [
      'its payload was changed',
      changed(({ dsseEnvelope }) => (dsseEnvelope.payload = Buffer.from('{}').toString('base64'))),
      'the signature is not one by key',
    ],
    [
      'its payload type was swapped',
      changed(({ dsseEnvelope }) => (dsseEnvelope.payloadType = 'text/plain')),
      'dsseEnvelope.payloadType',
    ],
    [
      'its payload type is another, and signed',
      signedAnew(() => undefined, 'application/json'),
      'dsseEnvelope.payloadType',
    ],
    [
      'it has two signatures',
      changed(({ dsseEnvelope }) => dsseEnvelope.signatures.push(dsseEnvelope.signatures[0]!)),
      'dsseEnvelope.signatures',
    ],
    ['it has none', changed(({ dsseEnvelope }) => (dsseEnvelope.signatures = [])), 'dsseEnvelope.signatures'],
    [
      'it is a bundle of another version',
      changed((bundle) => (bundle.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.1')),
      'mediaType',
    ],
    ['it is no JSON', 'hello', 'it is no JSON'],
    ['it is null', 'null', 'signature is not valid'],
  ])('is refused where %s', (_what, bad, message) => {
    expect(() => verifySignature(bad, [ours.trusted])).toThrow(message);
  });
});

describe('a statement that a trusted key signed', () => {
  const twice = (statement: Statement): void =>
    void statement.predicate.resources.push(statement.predicate.resources[0]!);
  const renamed =
    (name: string) =>
    ({ predicate }: Statement): void =>
      void (predicate.resources[0]!.name = name);

  it('is read back', () => {
    expect(
      verifySignature(
        signedAnew(() => undefined),
        [ours.trusted],
      ).files,
    ).toEqual(files);
  });

  it('is refused where a path is twice there', () => {
    expect(() => verifySignature(signedAnew(twice), [ours.trusted])).toThrow('`config.json` is signed twice');
  });

  it.each(['../config.json', '/etc/passwd', 'a/../../b', 'a//b', './a', 'a/', '', 'a\\b', 'a\0b'])(
    'is refused where it signs the path %j',
    (path) => {
      expect(() => verifySignature(signedAnew(renamed(path)), [ours.trusted])).toThrow('is no relative path');
    },
  );

  it.each([
    ['root digest', (it: Statement) => void (it.subject[0]!.digest.sha256 = 'wrong'), 'the signed root digest is'],
    ['algorithm', (it: Statement) => void (it.predicate.resources[0]!.algorithm = 'blake2b'), 'resources[0].algorithm'],
    ['hash', (it: Statement) => void (it.predicate.serialization['hash_type'] = 'md5'), 'serialization.hash_type'],
    ['digest', (it: Statement) => void (it.predicate.resources[0]!.digest = 'AB'.repeat(32)), 'lowercase hex'],
    ['type', (it: Statement) => void (it._type = 'https://in-toto.io/Statement/v0.1'), '_type'],
    ['predicate', (it: Statement) => void (it.predicateType = 'https://slsa.dev/provenance/v1'), 'predicateType'],
  ])('is refused with another %s', (_what, change, message) => {
    expect(() => verifySignature(signedAnew(change), [ours.trusted])).toThrow(message);
  });
});

describe('files held against their signature', () => {
  it('are told of by what is wrong with them', () => {
    const digests = new Map([
      ['config.json', sha256('{"changed":1}')],
      ['added.py', sha256('import os')],
    ]);
    expect(compareFiles(signed, digests)).toEqual([
      { path: 'config.json', problem: 'changed' },
      { path: 'added.py', problem: 'unsigned' },
      { path: 'onnx/model.onnx', problem: 'missing' },
    ]);
  });

  it('are not mistaken for what every object has', () => {
    expect(compareFiles(signed, new Map([...files, ['constructor', sha256('')]]))).toEqual([
      { path: 'constructor', problem: 'unsigned' },
    ]);
  });
});

describe('what the Python model-signing signed', () => {
  const at = (name: string): string => fileURLToPath(new URL(`../../fixtures/signing/${name}`, import.meta.url));
  const keys = readTrustedKeys(readFileSync(at('public.pem'), 'utf8'), 'public.pem');
  const read = (name: string) => verifySignature(readFileSync(at(name), 'utf8'), keys);

  it('holds, in the same order and with the same digests', async () => {
    const { name, files: theirs, ignoredPaths, allowSymlinks } = read('files.sig');
    expect(theirs).toEqual(await hashFolder(at('model'), { ignoredPaths, allowSymlinks }));
    expect([...theirs.keys()]).toEqual(['a/z', 'a-b', 'config.json', 'empty']);
    const again = verifySignature(signFiles({ name, files: theirs, ignoredPaths, allowSymlinks }, ours.signing), [
      ours.trusted,
    ]);
    expect([...again.files]).toEqual([...theirs]);
  });

  it.each([
    ['shards.sig', 'method: expected one of "files", received "shards"'],
    ['blake3.sig', 'hash_type: expected one of "sha256", received "blake3"'],
  ])('is refused in the forms that are not whole files by SHA-256: %s', (name, message) => {
    expect(() => read(name)).toThrow(message);
  });
});
