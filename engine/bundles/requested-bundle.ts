import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelSpec } from '../../planner/index.js';
import { bundleRoot } from '../workspace/layout.js';
import { isOf } from './find-named.js';
import { modelFolders } from './model-folder.js';
import type { Bundle } from './names.js';
import { bundleAt, bundleIn } from './place.js';

/**
 * The bundle that a validation is about: the one that the spec's name leads to; where that is another model's, which has
 * the same safe name or took the place, the spec's own. Undefined where there is none at all.
 *
 * @throws ModelJobError `IntegrityError` for a manifest that can't be read
 */
export async function requestedBundle(home: string, spec: ModelSpec): Promise<Bundle | undefined> {
  const place = bundleRoot(home, spec);
  const there = (await bundleAt(place)) ?? (await bundleIn(place));
  if (there && isOf(there.manifest, spec)) return there;
  for await (const bundle of allBundles(home)) if (isOf(bundle.manifest, spec)) return bundle;
  return there;
}

/** Every bundle of a home, under each of its names. */
export async function* allBundles(home: string): AsyncGenerator<Bundle> {
  for (const digest of await namesIn(modelFolders(home))) {
    const names = join(modelFolders(home), digest, 'names');
    for (const name of await namesIn(names)) {
      const bundle = await bundleIn(join(names, name)).catch(() => undefined);
      if (bundle) yield bundle;
    }
  }
}

async function namesIn(path: string): Promise<string[]> {
  const names = await readdir(path).catch(() => []);
  return names.filter((name) => /^[0-9a-f]+$/.test(name)).sort();
}
