import { mkdir, readlink, rename, rm } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { temporaryName } from '../../system/files/atomic-write.js';
import { isErrno } from '../../system/files/errno.js';
import { checkFolders } from './bundle-path.js';
import { readManifest } from './manifest-file.js';
import { linkFolder } from './mirror.js';
import { rootOf, type Bundle } from './names.js';

/**
 * The bundle that a name's place, `{home}/bundles/{safe name}/{revision}`, leads to now; undefined where it leads to none
 * of ours. It is a link to the bundle, or a folder of the same files where there are no links; the folder of an earlier
 * version names no digest.
 */
export async function bundleAt(place: string): Promise<Bundle | undefined> {
  const target = await readlink(place).catch(() => undefined);
  if (target !== undefined) return bundleIn(resolve(dirname(place), target));
  const manifest = await readManifest(place);
  if (manifest?.digest === undefined) return undefined;
  return bundleIn(rootOf(dirname(dirname(place)), { ...manifest, digest: manifest.digest }));
}

/** The bundle at a root of its own; undefined where there is none. */
export async function bundleIn(root: string): Promise<Bundle | undefined> {
  const manifest = await readManifest(root);
  return manifest && { root, manifest };
}

/** Lets a name lead to a bundle, at once. A folder that is there goes. */
export async function leadTo(place: string, { root, manifest }: Bundle): Promise<void> {
  const target = relative(dirname(place), root);
  if ((await readlink(place).catch(() => undefined)) === target) return;
  await mkdir(dirname(place), { recursive: true });
  const paths = Object.values(manifest.files).map(({ local_path }) => local_path);
  const made = temporaryName(place);
  await linkFolder(target, made, { folder: root, files: [...paths, 'manifest.json'] });
  try {
    await rename(made, place).catch(async (error: unknown) => {
      if (!isErrno(error, 'EISDIR', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST', 'EPERM')) throw error;
      await checkFolders(place, paths);
      const earlier = `${temporaryName(place)}.removed`;
      await rename(place, earlier);
      await rename(made, place);
      await rm(earlier, { recursive: true, force: true });
    });
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}
