import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isCurrent, readSigningKey, readTrustedKeys } from '../../../engine/signing/keys.js';
import { keyPair } from '../../helpers/signing-keys.js';

const publicKeyPem = (kind: 'ec' | 'ed25519' | 'rsa', namedCurve = 'P-256'): string => {
  const options = { namedCurve, modulusLength: 2048 };
  const { publicKey } = generateKeyPairSync(kind as 'ec', options);
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
};
const certificate = readFileSync(new URL('../../fixtures/signing/certificate.pem', import.meta.url), 'utf8');
/** What `openssl x509 -dates` says of it. */
const [validFrom, validTo] = [Date.parse('2026-01-01T00:00:00Z'), Date.parse('2036-01-01T00:00:00Z')];

describe('keys that sign and are trusted', () => {
  it.each(['P-256', 'P-384', 'P-521'])('are on %s', (curve) => {
    const { signing, trusted } = keyPair(curve);
    expect(trusted.hint).toBe(signing.hint);
    expect(trusted.hint).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['secp256k1', publicKeyPem('ec', 'secp256k1'), 'kind secp256k1; models are signed with P-256, P-384 or P-521'],
    ['Ed25519', publicKeyPem('ed25519'), 'kind ed25519'],
    ['RSA', publicKeyPem('rsa'), 'kind rsa'],
  ])('are not %s', (_kind, pem, message) => {
    expect(() => readTrustedKeys(pem, 'keys/a.pem')).toThrow(`\`keys/a.pem\` holds a key of ${message}`);
  });

  it('may be several in one file, with text between them', () => {
    const pem = `first\n${publicKeyPem('ec')}\nsecond\n${publicKeyPem('ec', 'P-384')}`;
    expect(readTrustedKeys(pem, 'a.pem').map(({ hash }) => hash)).toEqual(['sha256', 'sha384']);
  });

  it.each([
    ['a text', 'hello', 'holds no public key in PEM'],
    ['nothing', '', 'holds no public key in PEM'],
    ['a private key', keyPair().privatePem, 'holds a PRIVATE KEY, where a PUBLIC KEY is expected'],
    ['a key that is cut off', keyPair().publicPem.slice(0, 100), 'holds no public key in PEM'],
    ['a good key before a broken one', `${keyPair().publicPem}-----BEGIN PUBLIC KEY-----\nMFk`, 'that can be read'],
    ['a broken key', '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----', "public key that can't be read"],
  ])('are not read from %s', (_what, pem, message) => {
    expect(() => readTrustedKeys(pem, 'a.pem')).toThrow(message);
  });

  it('may be in a certificate, which counts until it ends', () => {
    const [key] = readTrustedKeys(certificate, 'ci.pem', validFrom + 1);
    expect(key).toMatchObject({ name: 'ci.pem', hash: 'sha256', expiresAt: validTo });
    expect(isCurrent(key!, validTo - 1)).toBe(true);
    expect(isCurrent(key!, validTo)).toBe(false);
    expect(() => readTrustedKeys(certificate, 'ci.pem', validTo)).toThrow('`ci.pem` holds a certificate that expired');
    expect(() => readTrustedKeys(certificate, 'ci.pem', validFrom - 1)).toThrow('is not valid before');
  });

  it('never show in the message about a bad one', () => {
    const pem = keyPair().privatePem.replace(/\n[^\n]{10}/, '\n!');
    expect(() => readSigningKey(pem, 'key.pem')).toThrow(
      /^invalid argument: `key.pem` holds no private key in PEM that can be read$/,
    );
    expect(() => readSigningKey(publicKeyPem('ec'), 'key.pem')).toThrow('holds no private key');
  });
});
