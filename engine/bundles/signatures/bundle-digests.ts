import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { hashThreads, sha256OfFile } from '../../../system/hashing/index.js';
import { filesOfFolder, gitPaths } from '../../signing/folder-digests.js';
import { signatureName } from '../../signing/signature.js';

/** What a signature over a bundle's files leaves out: itself, where it was published beside them, and what git keeps. */
export const unsignedPaths = [...gitPaths, signatureName];

/** The SHA-256 of each file that a bundle has, by its path below `files/`. */
export type BundleDigests = (bundleRoot: string, signal: AbortSignal) => Promise<Map<string, string>>;

/**
 * Hashes the files of bundles as they are now, those of no manifest among them. What was hashed is remembered while
 * this process lives and the file does not change: no file on the disk is believed about another.
 */
export function createBundleDigests(): BundleDigests {
  const known = new Map<string, { state: string; digest: string }>();

  async function digestOf(path: string, signal: AbortSignal): Promise<string> {
    const state = stateOf(await stat(path, { bigint: true }));
    const before = known.get(path);
    if (before?.state === state) return before.digest;
    const digest = await sha256OfFile(path, { signal });
    // What changed meanwhile is hashed again the next time.
    if (stateOf(await stat(path, { bigint: true })) === state) known.set(path, { state, digest });
    return digest;
  }

  return async (bundleRoot, signal) => {
    const folder = join(bundleRoot, 'files');
    const paths = await filesOfFolder(folder, { ignoredPaths: unsignedPaths, allowSymlinks: true });
    const limit = pLimit(hashThreads);
    const digests = paths.map((path) => limit(async () => [path, await digestOf(join(folder, path), signal)] as const));
    return new Map(await Promise.all(digests));
  };
}

/** Nobody but the system sets the time of a file's last change of state. */
function stateOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
