import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelJobError } from '../../planner/index.js';
import { temporaryName } from '../../system/files/atomic-write.js';
import type { FoundBundle } from './inventory.js';
import { modelFolders } from './model-folder.js';
import { bundleAt } from './place.js';
import { usersOf } from './users.js';

/**
 * Removes a bundle: its name is free at once. Its files go with the last name of its model.
 *
 * @throws ModelJobError `StateUnavailable` for one that a job needs now
 */
export async function removeBundle(home: string, { bundle, root }: FoundBundle): Promise<void> {
  const { name, revision, path, digest, users } = bundle;
  if (digest === null) return removeFolder(path);
  if (users.length > 0) {
    throw new ModelJobError('StateUnavailable', `bundle \`${name}@${revision}\` is in use by ${users.join(', ')}`);
  }
  if (path !== root && (await bundleAt(path).catch(() => undefined))?.root === root) await removeFolder(path);
  await removeFolder(root);
  const model = join(modelFolders(home), digest);
  const names = await readdir(join(model, 'names')).catch(() => []);
  if (names.length === 0) await removeModel(model);
}

/**
 * Removes a model's files, unless a job has come to need them: one that comes later finds none, and makes them again.
 *
 * @returns whether they are gone
 */
export async function removeModel(folder: string): Promise<boolean> {
  if ((await usersOf(folder)).length > 0) return false;
  const going = await moveAway(folder);
  // A job that held it before it went looks for it no more: it gets it back.
  if ((await usersOf(going)).length > 0) {
    await rename(going, folder);
    return false;
  }
  await rm(going, { recursive: true, force: true });
  return true;
}

/** It is gone at once, though its files take a while. */
async function removeFolder(path: string): Promise<void> {
  await rm(await moveAway(path), { recursive: true, force: true });
}

async function moveAway(path: string): Promise<string> {
  const going = `${temporaryName(path)}.removed`;
  await rename(path, going);
  return going;
}
