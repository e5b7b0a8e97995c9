import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestSchema, parseStored, pathsOf, type BundleManifest, type FileRequest } from '../../planner/index.js';
import { writeFileAtomic } from '../../system/files/atomic-write.js';
import { isMissingError } from '../../system/files/errno.js';

/** Where a bundle's manifest is. */
export function manifestPathOf(bundleRoot: string): string {
  return join(bundleRoot, 'manifest.json');
}

/**
 * A bundle's manifest; undefined where there is none.
 *
 * @throws ModelJobError `IntegrityError` for one that can't be read
 */
export async function readManifest(bundleRoot: string): Promise<BundleManifest | undefined> {
  const path = manifestPathOf(bundleRoot);
  try {
    return parseStored(manifestSchema(), await readFile(path, 'utf8'), path, 'manifest');
  } catch (error) {
    if (isMissingError(error)) return undefined;
    throw error;
  }
}

/** Writes a manifest, the last file of its bundle. */
export async function writeManifest(bundleRoot: string, manifest: BundleManifest): Promise<void> {
  await writeFileAtomic(manifestPathOf(bundleRoot), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Whether a bundle has what the requests need, every file of it on disk with its size. */
export async function satisfies(
  bundleRoot: string,
  manifest: BundleManifest,
  requests: readonly FileRequest[],
): Promise<boolean> {
  const has = (request: FileRequest): boolean =>
    'optional' in request || pathsOf(request).some((path) => Object.hasOwn(manifest.files, path));
  if (!requests.every(has)) return false;
  const sizes = await Promise.all(
    Object.values(manifest.files).map(({ local_path, size_bytes }) =>
      stat(join(bundleRoot, local_path)).then(
        ({ size }) => size === size_bytes,
        () => false,
      ),
    ),
  );
  return sizes.every(Boolean);
}
