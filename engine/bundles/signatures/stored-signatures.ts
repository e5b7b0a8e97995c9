import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissingError } from '../../../system/files/errno.js';
import { signatureName } from '../../signing/signature.js';

/** No signature is larger, in bytes: one over a hundred thousand files has 20 MB. */
const mostBytes = 64 << 20;

/** A signature that was found, and where. */
export interface FoundSignature {
  text: string;
  path: string;
}

/** A bundle whose signature counts. */
export interface SignedBundle {
  bundleRoot: string;
  /** Where its name leads. Default: to it. */
  place?: string;
  /** Null for a model of no repository. */
  commit: string | null;
}

/** Where a bundle keeps the signature that this worker or its operator made, beside the manifest. */
export function ownSignaturePath(bundleRoot: string): string {
  return join(bundleRoot, signatureName);
}

/** Where a bundle keeps the signature that came with the model's files. */
export function publishedSignaturePath(bundleRoot: string): string {
  return join(bundleRoot, 'published.sig');
}

/** The signatures that lie in a bundle, and beside what its name leads to: one over more files of its commit. */
export async function storedSignatures({ bundleRoot, place = bundleRoot }: SignedBundle): Promise<FoundSignature[]> {
  const roots = [...new Set([bundleRoot, place])];
  const paths = roots.flatMap((root) => [
    ownSignaturePath(root),
    publishedSignaturePath(root),
    join(root, 'files', signatureName),
  ]);
  const found = await Promise.all(paths.map(readSignature));
  return found.flatMap((signature) => signature ?? []);
}

/** A signature's file; undefined where there is none, or one that is far too large. */
export async function readSignature(path: string): Promise<FoundSignature | undefined> {
  try {
    if ((await stat(path)).size > mostBytes) return undefined;
    return { path, text: await readFile(path, 'utf8') };
  } catch (error) {
    if (isMissingError(error)) return undefined;
    throw error;
  }
}
