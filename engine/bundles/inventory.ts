import { randomBytes } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelJobError, type BundleManifest, type StoredBundle, type VerifiedBundle } from '../../planner/index.js';
import type { Work } from '../workspace/work.js';
import { readManifest } from './manifest-file.js';
import { checkBundle } from './validate.js';

/** A bundle with its manifest; without one for a folder that was never finished or can't be read. */
export interface FoundBundle {
  bundle: StoredBundle;
  manifest: BundleManifest | undefined;
}

/** All bundles of a home, by name and revision. */
export async function findBundles(home: string): Promise<FoundBundle[]> {
  const names = await foldersIn(join(home, 'bundles'));
  const found = await Promise.all(
    names.map(async (name) => {
      const revisions = await foldersIn(join(home, 'bundles', name));
      return Promise.all(revisions.map((revision) => bundleAt(join(home, 'bundles', name, revision), name, revision)));
    }),
  );
  return found.flat();
}

/**
 * The bundles that names ask for, each as `name` or `name@revision`; all where there is no name.
 *
 * @throws ModelJobError `NotFound` that names what is not there
 */
export function chooseBundles(found: readonly FoundBundle[], names: readonly string[]): FoundBundle[] {
  if (names.length === 0) return [...found];
  return names.flatMap((wanted) => {
    const chosen = found.filter(({ bundle: { name, revision } }) => [name, `${name}@${revision}`].includes(wanted));
    if (chosen.length > 0) return chosen;
    const there = found.map(({ bundle }) => `${bundle.name}@${bundle.revision}`).join(', ');
    throw new ModelJobError(
      'NotFound',
      `there is no bundle \`${wanted}\`; there ${there ? `are ${there}` : 'are none'}`,
    );
  });
}

/** Checks a bundle against its manifest. */
export async function verifyBundle(
  { bundle, manifest }: FoundBundle,
  work: Work,
  quick: boolean,
): Promise<VerifiedBundle> {
  if (!manifest) {
    const problem = { path: 'manifest.json', problem: 'missing', expected: null, found: null } as const;
    return { ...bundle, valid: false, problems: [problem] };
  }
  const { problems } = await checkBundle(bundle.path, manifest, work, quick);
  return { ...bundle, valid: problems.length === 0, problems };
}

/** Removes a bundle: it is gone at once, though its files take a while. */
export async function removeBundle({ path }: StoredBundle): Promise<void> {
  const going = `${path}.${randomBytes(4).toString('hex')}.removed`;
  await rename(path, going);
  await rm(going, { recursive: true, force: true });
}

async function bundleAt(path: string, folderName: string, folderRevision: string): Promise<FoundBundle> {
  const manifest = await readManifest(path).catch(() => undefined);
  const files = Object.values(manifest?.files ?? {});
  const bundle = {
    name: manifest?.name ?? folderName,
    revision: manifest?.revision || folderRevision,
    commit: manifest?.commit ?? null,
    path,
    files: files.length,
    bytes: files.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
  };
  return { bundle, manifest };
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.endsWith('.removed'))
    .map(({ name }) => name)
    .sort();
}
