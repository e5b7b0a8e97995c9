import { createHash, createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { ModelJobError } from '../../planner/index.js';

/** The curves that the format knows, each with the hash that goes with it (sigstore's `PublicKeyDetails`). */
const hashesByCurve: Readonly<Record<string, string>> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
};

/** An elliptic-curve key, and what the format needs of it. */
interface EllipticKey {
  key: KeyObject;
  /** What is signed is hashed by this first. */
  hash: string;
  /** SHA-256 of the public key as PEM, in hex: a signature names its key by it. */
  hint: string;
}

/** A private key to sign with. */
export type SigningKey = EllipticKey;

/** A public key whose signatures count. */
export interface TrustedKey extends EllipticKey {
  /** The file that it comes from. */
  name: string;
  /** When the certificate that holds it ends, in milliseconds since 1970; undefined for a bare key. */
  expiresAt?: number;
}

/**
 * Reads a private key.
 *
 * @param name where it is from, for the message, which never holds the key
 * @throws ModelJobError `InvalidArgument` for what is no private key on P-256, P-384 or P-521
 */
export function readSigningKey(pem: string, name: string): SigningKey {
  return ellipticKey(
    parsed(() => createPrivateKey(pem), name, 'holds no private key in PEM that can be read'),
    name,
  );
}

/**
 * Reads the public keys of a PEM file: keys (`PUBLIC KEY`) and certificates, which count until they end.
 *
 * @throws ModelJobError `InvalidArgument` for a file without one, with anything else, or with an expired certificate
 */
export function readTrustedKeys(pem: string, name: string, now = Date.now()): TrustedKey[] {
  const blocks = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[^-]+-----END \1-----/g)];
  const begun = pem.match(/-----BEGIN /g)?.length ?? 0;
  if (blocks.length === 0 || blocks.length < begun) throw refused(name, 'holds no public key in PEM that can be read');
  return blocks.map(([block, kind]) => {
    if (kind === 'CERTIFICATE') return certifiedKey(block, name, now);
    if (kind !== 'PUBLIC KEY') throw refused(name, `holds a ${String(kind)}, where a PUBLIC KEY is expected`);
    const key = parsed(() => createPublicKey(block), name, "holds a public key that can't be read");
    return { ...ellipticKey(key, name), name };
  });
}

/** Whether a key counts at this time. */
export function isCurrent({ expiresAt }: TrustedKey, now = Date.now()): boolean {
  return expiresAt === undefined || now < expiresAt;
}

/** A key as messages show it: its file and the beginning of its hint. */
export function describeKey({ name, hint }: TrustedKey): string {
  return `${name} (${hint.slice(0, 12)})`;
}

function certifiedKey(block: string, name: string, now: number): TrustedKey {
  const certificate = parsed(() => new X509Certificate(block), name, "holds a certificate that can't be read");
  const [from, until] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  if (now >= until) throw refused(name, `holds a certificate that expired on ${certificate.validTo}`);
  if (now < from) throw refused(name, `holds a certificate that is not valid before ${certificate.validFrom}`);
  return { ...ellipticKey(certificate.publicKey, name), name, expiresAt: until };
}

function ellipticKey(key: KeyObject, name: string): EllipticKey {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const hash = key.asymmetricKeyType === 'ec' && curve !== undefined ? hashesByCurve[curve] : undefined;
  if (hash === undefined) {
    const kind = curve ?? key.asymmetricKeyType ?? key.type;
    throw refused(name, `holds a key of kind ${kind}; models are signed with P-256, P-384 or P-521`);
  }
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  return { key, hash, hint: createHash('sha256').update(pem).digest('hex') };
}

function parsed<T>(read: () => T, name: string, problem: string): T {
  try {
    return read();
  } catch {
    // Not the cause: what OpenSSL says may quote what it could not read.
    throw refused(name, problem);
  }
}

function refused(name: string, problem: string): ModelJobError {
  return new ModelJobError('InvalidArgument', `\`${name}\` ${problem}`);
}
