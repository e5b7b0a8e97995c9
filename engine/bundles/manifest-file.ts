import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestSchema, parseStored, type BundleManifest } from '../../planner/index.js';
import { writeFileAtomic } from '../../system/files/atomic-write.js';
import { isMissingError } from '../../system/files/errno.js';
import { readOnce } from '../../system/files/read-once.js';

/** Where a bundle's manifest is. */
export function manifestPathOf(bundleRoot: string): string {
  return join(bundleRoot, 'manifest.json');
}

const readParsed = readOnce(async (path) =>
  parseStored(manifestSchema(), await readFile(path, 'utf8'), path, 'manifest'),
);

/**
 * A bundle's manifest, shared with all who read it; undefined where there is none.
 *
 * @throws ModelJobError `IntegrityError` for one that can't be read
 */
export async function readManifest(bundleRoot: string): Promise<Readonly<BundleManifest> | undefined> {
  try {
    return await readParsed(manifestPathOf(bundleRoot));
  } catch (error) {
    if (isMissingError(error)) return undefined;
    throw error;
  }
}

/** Writes a manifest, the last file of its bundle. */
export async function writeManifest(bundleRoot: string, manifest: BundleManifest): Promise<void> {
  await writeFileAtomic(manifestPathOf(bundleRoot), `${JSON.stringify(manifest, null, 2)}\n`);
}
