import { openStatement, sealStatement } from './envelope.js';
import { readStatement, writeStatement, type SignedFiles } from './statement.js';
import type { SigningKey, TrustedKey } from './keys.js';

/** The name of a model's signature, beside its files. */
export const signatureName = 'model.sig';

/** The name of the signature of a batch's outputs, beside their manifest. */
export const outputsSignatureName = '_SUCCESS.sig';

/** A signature that holds. */
export interface VerifiedSignature extends SignedFiles {
  key: TrustedKey;
}

/** A file that is not as it was signed. */
export interface SignedProblem {
  path: string;
  problem: 'changed' | 'unsigned' | 'missing';
}

/**
 * Signs files in the form of OpenSSF Model Signing, which the Python `model-signing` verifies.
 *
 * @returns the text of the signature's file
 */
export function signFiles(files: SignedFiles, key: SigningKey): string {
  return sealStatement(writeStatement(files), key);
}

/**
 * What a signature says, once it is known to hold.
 *
 * @param text the signature's file
 * @throws SignatureFault
 */
export function verifySignature(text: string, keys: readonly TrustedKey[]): VerifiedSignature {
  const { statement, key } = openStatement(text, keys);
  return { ...readStatement(statement), key };
}

/** Holds files against a signature. A signed file that is not there is the caller's to judge. */
export function compareFiles({ files }: SignedFiles, digests: ReadonlyMap<string, string>): SignedProblem[] {
  const there = [...digests].flatMap(([path, digest]): SignedProblem[] => {
    const signed = files.get(path);
    if (signed === digest) return [];
    return [{ path, problem: signed === undefined ? 'unsigned' : 'changed' }];
  });
  const missing = [...files.keys()].filter((path) => !digests.has(path));
  return [...there, ...missing.map((path) => ({ path, problem: 'missing' as const }))];
}
