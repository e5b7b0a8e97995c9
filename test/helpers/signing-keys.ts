import { generateKeyPairSync } from 'node:crypto';
import { readSigningKey, readTrustedKeys, type SigningKey, type TrustedKey } from '../../engine/signing/keys.js';

/** A pair of keys, read and as PEM. */
export interface KeyPair {
  signing: SigningKey;
  trusted: TrustedKey;
  privatePem: string;
  publicPem: string;
}

/** A pair of keys on a curve: P-256, P-384 or P-521. */
export function keyPair(namedCurve = 'P-256', name = 'ours.pem'): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const [trusted] = readTrustedKeys(publicPem, name);
  return { signing: readSigningKey(privatePem, 'private.pem'), trusted: trusted!, privatePem, publicPem };
}
