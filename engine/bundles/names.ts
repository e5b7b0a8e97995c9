import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
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
import { isErrno } from '../../system/files/errno.js';
import { readManifest, writeManifest } from './manifest-file.js';
import { linkFolder } from './mirror.js';
import { modelFolder, type ModelFolder } from './model-folder.js';

/** A model under a name: a folder with a manifest, as the crate reads it, over the files of a model's folder. */
export interface Bundle {
  /** `{home}/bundles/.by-digest/{digest}/names/{key}`. */
  root: string;
  manifest: BundleManifest;
}

/** Whose files they are, beside the spec. */
export interface Origin {
  commit: string | null;
  /** What the source told of each file, by its path in the model. */
  told: ReadonlyMap<string, Told>;
  asked: readonly string[];
  /** The files that selections by patterns chose, by their keys. */
  selections?: BundleManifest['selections'];
}

/** What a source tells of a file: its etag, or why its bytes can't be held against a hash. */
export type Told = Pick<BundleManifestFile, 'etag' | 'unverified'>;

/** What is told of files, by their paths in the model. */
export function toldOf(files: readonly (Told & { path: string })[]): Map<string, Told> {
  return new Map(
    files.map(({ path, etag, unverified }) => [
      path,
      { ...(etag === undefined ? {} : { etag }), ...(unverified === undefined ? {} : { unverified }) },
    ]),
  );
}

/** Names a model as the spec does. Two names of one model share its files. */
export async function nameBundle(folder: ModelFolder, spec: ModelSpec, origin: Origin): Promise<Bundle> {
  const manifest = manifestOf(folder, spec, origin);
  const root = join(folder.path, 'names', keyOf(manifest));
  const before = await readManifest(root).catch(() => undefined);
  if (before && isAsMuch(before, manifest)) return { root, manifest: before };
  // What was known of the same commit and files stays known.
  const selections = { ...before?.selections, ...manifest.selections };
  if (Object.keys(selections).length > 0) manifest.selections = selections;
  await mkdir(root, { recursive: true });
  const files = { folder: join(folder.path, 'files'), files: Object.keys(folder.files) };
  await linkFolder('../../files', join(root, 'files'), files).catch((error: unknown) => {
    if (!isErrno(error, 'EEXIST', 'ENOTEMPTY')) throw error;
  });
  await writeManifest(root, manifest);
  return { root, manifest };
}

/** Where the bundle of a manifest is, in a folder of bundles. */
export function rootOf(bundles: string, manifest: BundleManifest & { digest: string }): string {
  return join(modelFolder(bundles, manifest.digest), 'names', keyOf(manifest));
}

function keyOf({ name, revision, repo_id, task, commit }: BundleManifest): string {
  const text = JSON.stringify([name, revision, repo_id, task, commit]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function manifestOf({ digest, files }: ModelFolder, spec: ModelSpec, origin: Origin): BundleManifest {
  const { commit, told, asked, selections = {} } = origin;
  const entries = Object.entries(files).map(([path, { size, sha256, mtimeMs }]) => {
    const entry = {
      remote_path: path,
      local_path: `files/${path}`,
      size_bytes: size,
      sha256,
      ...told.get(path),
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
    ...(Object.keys(selections).length === 0 ? {} : { selections }),
  };
}

/** Whether a manifest says all that another one says of the same model. */
function isAsMuch(before: BundleManifest, { files, asked = [], selections = {} }: BundleManifest): boolean {
  const known = new Set(before.asked);
  const isListed = ([path, { mtime_ms, etag, unverified }]: [string, BundleManifestFile]): boolean => {
    const listed = before.files[path];
    if (listed === undefined || listed.mtime_ms !== mtime_ms) return false;
    // Of the same bytes: what is verified once is verified.
    return etag === undefined ? listed.etag !== undefined || listed.unverified === unverified : listed.etag === etag;
  };
  const isSelected = (key: string): boolean => Object.hasOwn(before.selections ?? {}, key);
  return (
    asked.every((path) => known.has(path)) &&
    Object.keys(selections).every(isSelected) &&
    Object.entries(files).every(isListed)
  );
}

/** The model of a manifest; undefined for one of an earlier version, whose files nobody may have hashed. */
export function identityOf({ name, repo_id, commit, digest }: BundleManifest): ModelIdentity | undefined {
  if (digest === undefined) return undefined;
  return commit === undefined ? filesIdentity(name, digest) : commitIdentity(repo_id, commit, digest);
}
