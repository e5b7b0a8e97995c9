import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import {
  repoIdOf,
  revisionOf,
  type BundleManifest,
  type BundleManifestFile,
  type ModelSpec,
} from '../../planner/index.js';
import { withFileLock } from '../../system/files/file-lock.js';
import { sha256OfFile } from '../../system/hashing/index.js';
import type { Work } from '../workspace/work.js';
import type { ModelSourceFiles, SourceFile } from '../hub/repo-files.js';
import { localPathOf, prepareFolders } from './bundle-path.js';
import { placeFile } from './place-file.js';
import { readManifest, writeManifest } from './manifest-file.js';

/** Files that are placed and hashed at once. */
const filesAtOnce = 16;

export interface Materialize {
  /** The bundle's folder. */
  bundleRoot: string;
  spec: ModelSpec;
  source: ModelSourceFiles;
}

/**
 * Makes a bundle from files that are on this disk: each file under its name, the manifest last. Safe to repeat, and
 * safe for many workers on one folder: every file appears whole, by a rename, and one at a time writes the manifest.
 */
export async function materialize(options: Materialize, work: Work): Promise<BundleManifest> {
  const { bundleRoot, source } = options;
  const total = Math.max(
    source.files.reduce((sum, { size }) => sum + size, 0),
    1,
  );
  const before = await readManifest(bundleRoot).catch(() => undefined);
  const localPaths = source.files.map(({ remotePath }) => localPathOf(remotePath));
  await prepareFolders(bundleRoot, localPaths);
  let completed = 0;
  const limit = pLimit(filesAtOnce);
  const entries = await Promise.all(
    source.files.map((file) =>
      limit(async () => {
        work.signal.throwIfAborted();
        const entry = await place(options, file, before?.files[file.remotePath], work.signal);
        completed += file.size;
        work.report({ completed, total, unit: 'bytes', message: `placing ${file.remotePath}` });
        return [file.remotePath, entry] as const;
      }),
    ),
  );
  return publishManifest(options, Object.fromEntries(entries), work.signal);
}

/** @param before what the manifest says of the file: its hash still holds where the same file stays in its place */
async function place(
  { bundleRoot, source }: Materialize,
  { remotePath, path, size, etag, sha256: known }: SourceFile,
  before: BundleManifestFile | undefined,
  signal: AbortSignal,
): Promise<BundleManifestFile> {
  const localPath = localPathOf(remotePath);
  const destination = join(bundleRoot, localPath);
  await placeFile(path, destination);
  const mtime = Math.floor((await stat(destination)).mtimeMs);
  const unchanged = before?.mtime_ms === mtime && before.size_bytes === size && before.etag === etag;
  return {
    remote_path: remotePath,
    local_path: localPath,
    size_bytes: size,
    sha256: known ?? (unchanged ? before.sha256 : undefined) ?? (await sha256OfFile(destination, { signal })),
    mtime_ms: mtime,
    ...(etag === undefined ? {} : { etag }),
    ...(source.commit === null ? {} : { commit: source.commit }),
  };
}

/**
 * What the bundle holds of the same commit stays listed: two requests for one model do not take turns. What it holds of
 * another commit goes.
 */
async function publishManifest(
  { bundleRoot, spec, source: { commit } }: Materialize,
  files: BundleManifest['files'],
  signal: AbortSignal,
): Promise<BundleManifest> {
  let manifest: BundleManifest = {
    schema_version: 1,
    name: spec.name,
    repo_id: repoIdOf(spec) ?? '',
    revision: revisionOf(spec) ?? '',
    task: spec.task,
    files,
    ...(commit === null ? {} : { commit }),
  };
  const never = (): Promise<boolean> => Promise.resolve(false);
  await withFileLock(join(bundleRoot, 'manifest.lock'), signal, never, async () => {
    const before = await readManifest(bundleRoot).catch(() => undefined);
    const others = before?.files ?? {};
    if (commit !== null && before?.commit === commit) manifest = { ...manifest, files: { ...others, ...files } };
    await writeManifest(bundleRoot, manifest);
    const gone = Object.keys(others).filter((path) => !Object.hasOwn(manifest.files, path));
    await Promise.all(gone.map((path) => rm(join(bundleRoot, localPathOf(path)), { force: true })));
  });
  return manifest;
}
