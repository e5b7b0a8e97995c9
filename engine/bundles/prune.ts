import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelJobError } from '../../planner/index.js';
import type { FoundBundle } from './inventory.js';
import { modelFolders } from './model-folder.js';
import { removeBundle, removeModel } from './remove-bundle.js';
import { lastUse } from './users.js';

/** The bundles that no name leads to, no job needs, and no job has used since. `before` in milliseconds since 1970. */
export function unneeded(found: readonly FoundBundle[], before: number): FoundBundle[] {
  return found.filter(
    ({ bundle: { current, digest, users, usedAt } }) =>
      !current && digest !== null && users.length === 0 && Date.parse(usedAt) < before,
  );
}

/**
 * Removes them, but for those that a job has come to need meanwhile, and what killed workers left half made.
 *
 * @returns those that are gone
 */
export async function pruneBundles(
  home: string,
  found: readonly FoundBundle[],
  before: number,
): Promise<FoundBundle[]> {
  const gone: FoundBundle[] = [];
  for (const one of found) {
    try {
      await removeBundle(home, one);
      gone.push(one);
    } catch (error) {
      if (!(error instanceof ModelJobError) || error.code !== 'StateUnavailable') throw error;
    }
  }
  await sweep(modelFolders(home), before);
  return gone;
}

/** Models without a name, and folders that were never finished. */
async function sweep(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const isModel = /^[0-9a-f]{64}$/.test(name);
    const changed = isModel ? await lastUse(path) : (await stat(path)).mtimeMs;
    if (changed >= before) continue;
    if (!isModel) await rm(path, { recursive: true, force: true });
    else if ((await readdir(join(path, 'names')).catch(() => [])).length === 0) await removeModel(path);
  }
}
