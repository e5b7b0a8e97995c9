import { createHash } from 'node:crypto';
import { lstat, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import {
  commitIdentity,
  filesIdentity,
  repoIdOf,
  revisionOf,
  type BundleManifest,
  type BundleManifestFile,
  type ModelIdentity,
  type ModelSpec,
} from '../../planner/index.js';
import { temporaryName } from '../../system/files/atomic-write.js';
import { isErrno } from '../../system/files/errno.js';
import { checkFolders } from './bundle-path.js';
import { readManifest, writeManifest } from './manifest-file.js';
import type { ModelFolder } from './model-folder.js';

/** A model under a name: a folder with a manifest, as the crate reads it, over the files of a model's folder. */
export interface Bundle {
  /** `{home}/bundles/.by-digest/{digest}/names/{key}`. */
  root: string;
  manifest: BundleManifest;
}

/** Whose files they are, beside the spec. */
export interface Origin {
  commit: string | null;
  etags: ReadonlyMap<string, string>;
  asked: readonly string[];
}

/** Names a model as the spec does. Two names of one model share its files. */
export async function nameBundle(folder: ModelFolder, spec: ModelSpec, origin: Origin): Promise<Bundle> {
  const manifest = manifestOf(folder, spec, origin);
  const { name, revision, repo_id, task, commit } = manifest;
  const key = createHash('sha256')
    .update(JSON.stringify([name, revision, repo_id, task, commit]))
    .digest('hex');
  const root = join(folder.path, 'names', key.slice(0, 16));
  const before = await readManifest(root).catch(() => undefined);
  if (before && isAsMuch(before, manifest)) return { root, manifest: before };
  await mkdir(root, { recursive: true });
  await symlink('../../files', join(root, 'files')).catch((error: unknown) => {
    if (!isErrno(error, 'EEXIST')) throw error;
  });
  await writeManifest(root, manifest);
  return { root, manifest };
}

function manifestOf({ digest, files }: ModelFolder, spec: ModelSpec, origin: Origin): BundleManifest {
  const { commit, etags, asked } = origin;
  const entries = Object.entries(files).map(([path, { size, sha256, mtimeMs }]) => {
    const etag = etags.get(path);
    const entry = {
      remote_path: path,
      local_path: `files/${path}`,
      size_bytes: size,
      sha256,
      ...(etag === undefined ? {} : { etag }),
      ...(commit === null ? {} : { commit }),
      mtime_ms: mtimeMs,
    };
    return [path, entry] as const;
  });
  return {
    schema_version: 1,
    name: spec.name,
    repo_id: repoIdOf(spec) ?? '',
    revision: revisionOf(spec) ?? '',
    task: spec.task,
    files: Object.fromEntries(entries),
    ...(commit === null ? {} : { commit }),
    digest,
    asked: [...asked].sort(),
  };
}

/** Whether a manifest says all that another one says of the same model. */
function isAsMuch(before: BundleManifest, { files, asked = [] }: BundleManifest): boolean {
  const known = new Set(before.asked);
  const isListed = ([path, { mtime_ms, etag }]: [string, BundleManifestFile]): boolean => {
    const listed = before.files[path];
    return listed !== undefined && listed.mtime_ms === mtime_ms && (etag === undefined || listed.etag === etag);
  };
  return asked.every((path) => known.has(path)) && Object.entries(files).every(isListed);
}

/** The model of a manifest; undefined for one of an earlier version, whose files nobody may have hashed. */
export function identityOf({ name, repo_id, commit, digest }: BundleManifest): ModelIdentity | undefined {
  if (digest === undefined) return undefined;
  return commit === undefined ? filesIdentity(name, digest) : commitIdentity(repo_id, commit, digest);
}

/** The bundle that a name leads to now; undefined where it leads to none of ours: an earlier version's is a folder. */
export async function bundleAt(place: string): Promise<Bundle | undefined> {
  const target = await readlink(place).catch(() => undefined);
  if (target === undefined) return undefined;
  const root = resolve(dirname(place), target);
  const manifest = await readManifest(root);
  return manifest && { root, manifest };
}

/** Lets a name lead to a bundle, at once. A folder of an earlier version that is there goes. */
export async function leadTo(place: string, { root, manifest }: Bundle): Promise<void> {
  const target = relative(dirname(place), root);
  if ((await readlink(place).catch(() => undefined)) === target) return;
  await mkdir(dirname(place), { recursive: true });
  const link = temporaryName(place);
  await symlink(target, link);
  try {
    await rename(link, place).catch(async (error: unknown) => {
      if (!isErrno(error, 'EISDIR', 'ENOTEMPTY', 'EEXIST', 'EPERM')) throw error;
      await checkFolders(
        place,
        Object.values(manifest.files).map(({ local_path }) => local_path),
      );
      const earlier = `${temporaryName(place)}.removed`;
      await rename(place, earlier);
      await rename(link, place);
      await rm(earlier, { recursive: true, force: true });
    });
  } finally {
    await rm(link, { force: true });
  }
}

export async function isRealFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
