import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelJobError, type BundleManifest, type StoredBundle, type VerifiedBundle } from '../../planner/index.js';
import type { Work } from '../workspace/work.js';
import { readManifest } from './manifest-file.js';
import { modelFolders } from './model-folder.js';
import { bundleAt } from './place.js';
import { allBundles } from './requested-bundle.js';
import { lastUse, usersOf } from './users.js';
import { checkBundle } from './validate.js';

/** A bundle with its manifest; without one for a folder that was never finished or can't be read. */
export interface FoundBundle {
  bundle: StoredBundle;
  manifest: BundleManifest | undefined;
  /** Where its manifest is: what `bundle.path` leads to. */
  root: string;
}

/** All bundles of a home: those that names lead to, by name and revision, then those that none leads to any more. */
export async function findBundles(home: string): Promise<FoundBundle[]> {
  const named = (await Promise.all((await placesIn(home)).map((place) => bundleOfPlace(home, place)))).flat();
  const led = new Set(named.map(({ root }) => root));
  const others: FoundBundle[] = [];
  for await (const { root, manifest } of allBundles(home)) {
    if (!led.has(root)) others.push(await found(home, { path: root, root, name: '', revision: '', manifest }));
  }
  return [...named, ...others];
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
    const there = [...new Set(found.map(({ bundle }) => `${bundle.name}@${bundle.revision}`))].join(', ');
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

interface Place {
  path: string;
  name: string;
  revision: string;
}

async function placesIn(home: string): Promise<Place[]> {
  const bundles = join(home, 'bundles');
  const names = (await namesIn(bundles)).filter((name) => join(bundles, name) !== modelFolders(home));
  const places = await Promise.all(
    names.map(async (name) =>
      (await namesIn(join(bundles, name))).map((revision) => ({ path: join(bundles, name, revision), name, revision })),
    ),
  );
  return places.flat();
}

/** What leads to one of ours, or a folder of an earlier version. */
async function bundleOfPlace(home: string, place: Place): Promise<FoundBundle[]> {
  const there = await bundleAt(place.path).catch(() => undefined);
  if (there) return [await found(home, { ...place, ...there })];
  if (!(await lstat(place.path)).isDirectory()) return [];
  const manifest = await readManifest(place.path).catch(() => undefined);
  return [await found(home, { ...place, root: place.path, manifest })];
}

async function found(
  home: string,
  { path, root, name, revision, manifest }: Place & Pick<FoundBundle, 'root' | 'manifest'>,
): Promise<FoundBundle> {
  const files = Object.values(manifest?.files ?? {});
  const digest = manifest?.digest ?? null;
  const folder = digest === null ? undefined : join(modelFolders(home), digest);
  const bundle = {
    name: manifest?.name ?? name,
    revision: manifest?.revision || revision || 'main',
    commit: manifest?.commit ?? null,
    digest,
    path,
    files: files.length,
    bytes: files.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
    current: name !== '',
    users: folder === undefined ? [] : await usersOf(folder),
    usedAt: new Date(folder === undefined ? (await stat(root)).mtimeMs : await lastUse(folder)).toISOString(),
  };
  return { bundle, manifest, root };
}

async function namesIn(path: string): Promise<string[]> {
  const names = await readdir(path).catch(() => []);
  return names.filter((name) => !/\.(?:removed|lock|tmp)$/.test(name)).sort();
}
