import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { withFileLock } from '../../system/files/file-lock.js';
import { openHashRecord } from '../../system/hashing/index.js';
import type { ModelSpec } from '../../planner/index.js';
import type { SourceFile } from '../hub/repo-files.js';
import { bundleRoot } from '../workspace/layout.js';
import { isOf, madeOf } from './find-named.js';
import { materialize } from './materialize.js';
import { isAsMade } from './model-folder.js';
import { nameBundle, toldOf, type Bundle } from './names.js';
import { bundleAt, leadTo } from './place.js';

/**
 * Lets the crate's place of a name lead to a bundle. What the place held of the same commit stays beside: two requests
 * for one model do not take turns.
 *
 * @returns the bundle that the place leads to
 */
export async function leadName(home: string, spec: ModelSpec, bundle: Bundle): Promise<Bundle> {
  const place = bundleRoot(home, spec);
  const there = await wholeAt(place);
  if (there && holds(there, bundle, spec)) return there;
  let led = bundle;
  const signal = new AbortController().signal;
  await withFileLock(
    `${place}.lock`,
    signal,
    () => Promise.resolve(false),
    async () => {
      const before = await wholeAt(place);
      if (before && holds(before, bundle, spec)) led = before;
      else led = before && isSameCommit(before, bundle, spec) ? await unionOf(home, spec, bundle, before) : bundle;
      await leadTo(place, led);
    },
  );
  return led;
}

/** The bundle that a place leads to, where its files are as they were made: their hashes are not computed again. */
async function wholeAt(place: string): Promise<Bundle | undefined> {
  const bundle = await bundleAt(place).catch(() => undefined);
  if (!bundle) return undefined;
  const made = madeOf(Object.values(bundle.manifest.files));
  return (await isAsMade(join(place, 'files'), made)) ? bundle : undefined;
}

function isSameCommit({ manifest }: Bundle, bundle: Bundle, spec: ModelSpec): boolean {
  return isOf(manifest, spec) && manifest.commit !== undefined && manifest.commit === bundle.manifest.commit;
}

/** Whether a place leads to what the bundle is, or to more of its commit. */
function holds(there: Bundle, bundle: Bundle, spec: ModelSpec): boolean {
  if (there.root === bundle.root) return true;
  if (!isSameCommit(there, bundle, spec) || !isDeepStrictEqual(there.manifest.task, bundle.manifest.task)) return false;
  return Object.values(bundle.manifest.files).every(
    ({ remote_path, sha256 }) => there.manifest.files[remote_path]?.sha256 === sha256,
  );
}

async function unionOf(home: string, spec: ModelSpec, bundle: Bundle, before: Bundle): Promise<Bundle> {
  const listed = { ...before.manifest.files, ...bundle.manifest.files };
  const files: SourceFile[] = Object.values(listed).map(({ remote_path, local_path, size_bytes, sha256 = '' }) => ({
    remotePath: remote_path,
    path: join((Object.hasOwn(bundle.manifest.files, remote_path) ? bundle : before).root, local_path),
    size: size_bytes,
    sha256,
    linkable: true,
  }));
  const told = toldOf(Object.values(listed).map((file) => ({ ...file, path: file.remote_path })));
  const work = { signal: new AbortController().signal, report: () => undefined };
  const folder = await materialize({ home, files, hashes: await openHashRecord(), again: false }, work);
  const asked = [...new Set([...(before.manifest.asked ?? []), ...(bundle.manifest.asked ?? [])])];
  const selections = { ...before.manifest.selections, ...bundle.manifest.selections };
  return nameBundle(folder, spec, { commit: bundle.manifest.commit ?? null, told, asked, selections });
}
