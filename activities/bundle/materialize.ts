import pLimit from 'p-limit';
import {
  repoIdOf,
  revisionOf,
  type BundleManifest,
  type BundleManifestFile,
  type ModelSpec,
} from '../../planner/index.js';
import type { ModelSourceFiles, SourceFile } from '../transfer/fetch-repo.js';
import { sha256OfFile } from '../hash/index.js';
import type { Reporter } from '../reporter.js';
import { localPathOf, prepareFilePath } from './bundle-path.js';
import { placeFile } from './place-file.js';
import { readManifest, writeManifest } from './manifest-file.js';

/** Files that are placed and hashed at once. */
const filesAtOnce = 4;

/**
 * Makes a bundle from files that are on this disk: each file under its name, the manifest last. Safe to repeat, and
 * safe for many workers on one folder: every file appears whole, by a rename.
 *
 * @param bundleRoot the bundle's folder
 */
export async function materialize(
  bundleRoot: string,
  spec: ModelSpec,
  source: ModelSourceFiles,
  reporter: Reporter,
): Promise<BundleManifest> {
  const total = source.files.reduce((sum, { size }) => sum + size, 0);
  let completed = 0;
  const limit = pLimit(filesAtOnce);
  const entries = await Promise.all(
    source.files.map((file) =>
      limit(async () => {
        reporter.signal.throwIfAborted();
        const entry = await place(bundleRoot, file, reporter.signal);
        completed += file.size;
        const message = `placing ${file.remotePath}`;
        reporter.report({ completed, total: Math.max(total, 1), unit: 'bytes', message });
        return entry;
      }),
    ),
  );
  const manifest: BundleManifest = {
    schema_version: 1,
    name: spec.name,
    repo_id: repoIdOf(spec) ?? '',
    revision: revisionOf(spec) ?? '',
    task: spec.task,
    files: { ...(await otherFiles(bundleRoot, source.commit)), ...Object.fromEntries(entries) },
    ...(source.commit === null ? {} : { commit: source.commit }),
  };
  await writeManifest(bundleRoot, manifest);
  return manifest;
}

async function place(bundleRoot: string, file: SourceFile, signal: AbortSignal): Promise<[string, BundleManifestFile]> {
  const local_path = localPathOf(file.remotePath);
  const destination = await prepareFilePath(bundleRoot, local_path);
  await placeFile(file, destination);
  const sha256 = file.sha256 ?? (await sha256OfFile(destination, { signal }));
  const { remotePath: remote_path, size: size_bytes, etag } = file;
  return [remote_path, { remote_path, local_path, size_bytes, sha256, ...(etag === undefined ? {} : { etag }) }];
}

/** What the bundle holds of the same commit stays listed: two requests for one model do not take turns. */
async function otherFiles(bundleRoot: string, commit: string | null): Promise<BundleManifest['files']> {
  if (commit === null) return {};
  const before = await readManifest(bundleRoot).catch(() => undefined);
  return before?.commit === commit ? before.files : {};
}
