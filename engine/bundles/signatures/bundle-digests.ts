import { join } from 'node:path';
import pLimit from 'p-limit';
import { stateOfFile } from '../../../system/files/file-state.js';
import { hashThreads, sha256OfFile } from '../../../system/hashing/index.js';
import { filesOfFolder } from '../../signing/folder-digests.js';
import { signatureName } from '../../signing/signature.js';

/**
 * The SHA-256 of each file that a bundle has, by its path below `files/`: all but the signature, where it was published
 * beside them. A bundle holds what was asked for alone, so a file that git keeps counts as well.
 */
export type BundleDigests = (bundleRoot: string, signal: AbortSignal) => Promise<Map<string, string>>;

/**
 * Hashes the files of bundles as they are now, those of no manifest among them. What was hashed is remembered while
 * this process lives and the file does not change: no file on the disk is believed about another.
 */
export function createBundleDigests(): BundleDigests {
  const known = new Map<string, { state: string; digest: string }>();

  async function digestOf(path: string, signal: AbortSignal): Promise<string> {
    const state = await stateOfFile(path);
    const before = known.get(path);
    if (before?.state === state) return before.digest;
    const digest = await sha256OfFile(path, { signal });
    // What changed meanwhile is hashed again the next time.
    if ((await stateOfFile(path)) === state) known.set(path, { state, digest });
    return digest;
  }

  return async (bundleRoot, signal) => {
    const folder = join(bundleRoot, 'files');
    const paths = await filesOfFolder(folder, { ignoredPaths: [], allowSymlinks: true });
    const counted = paths.filter((path) => path !== signatureName);
    const limit = pLimit(hashThreads);
    const digests = counted.map((path) =>
      limit(async () => [path, await digestOf(join(folder, path), signal)] as const),
    );
    return new Map(await Promise.all(digests));
  };
}
