import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import pLimit from 'p-limit';
import type { BundleManifest, BundleManifestFile, BundleProblem } from '../../planner/index.js';
import { hashThreads, sha256OfFile } from '../../system/hashing/index.js';
import type { Work } from '../workspace/work.js';
import { isMissingError } from '../../system/files/errno.js';

/** What was checked of a bundle. */
export interface BundleCheck {
  files: number;
  bytes: number;
  problems: BundleProblem[];
  /** Earlier problems that are right now. */
  repaired?: BundleProblem[];
}

/**
 * Compares a bundle with its manifest: every file's size and SHA-256, and no file that the manifest does not list.
 *
 * @param quick whether the time of change stands for the SHA-256
 */
export async function checkBundle(
  bundleRoot: string,
  manifest: BundleManifest,
  work: Work,
  quick: boolean,
): Promise<BundleCheck> {
  const files = Object.values(manifest.files);
  const total = files.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  let bytes = 0;
  const onBytes = (file: BundleManifestFile, count: number): void => {
    bytes += count;
    const message = `checking ${file.remote_path}`;
    work.report({ completed: bytes, total: Math.max(total, 1), unit: 'bytes', message });
  };
  const limit = pLimit(hashThreads);
  const checks = await Promise.all(
    files.map((file) =>
      limit(async () => {
        work.signal.throwIfAborted();
        onBytes(file, 0);
        let hashed = 0;
        const problem = await checkFile(bundleRoot, file, {
          quick,
          signal: work.signal,
          onBytes: (count) => {
            hashed += count;
            onBytes(file, count);
          },
        });
        onBytes(file, file.size_bytes - hashed);
        return problem;
      }),
    ),
  );
  const problems = [...checks.flatMap((problem) => problem ?? []), ...(await unlisted(bundleRoot, files))];
  return { files: files.length, bytes, problems };
}

async function checkFile(
  bundleRoot: string,
  { remote_path: path, local_path, size_bytes, sha256, mtime_ms }: BundleManifestFile,
  { quick, ...hashing }: { quick: boolean; signal: AbortSignal; onBytes: (count: number) => void },
): Promise<BundleProblem | undefined> {
  const file = join(bundleRoot, local_path);
  const stats = await statsOf(file);
  if (!stats) return { path, problem: 'missing', expected: size_bytes, found: null };
  if (stats.size !== size_bytes) return { path, problem: 'size', expected: size_bytes, found: stats.size };
  if (quick && mtime_ms !== undefined) {
    const found = Math.floor(stats.mtimeMs);
    return found === mtime_ms ? undefined : { path, problem: 'modified', expected: mtime_ms, found };
  }
  if (sha256 === undefined) return undefined;
  const found = await sha256OfFile(file, hashing);
  return found === sha256 ? undefined : { path, problem: 'sha256', expected: sha256, found };
}

async function unlisted(bundleRoot: string, files: readonly BundleManifestFile[]): Promise<BundleProblem[]> {
  const listed = new Set(files.map(({ local_path }) => local_path));
  const folder = join(bundleRoot, 'files');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (isMissingError(error)) return [];
    throw error;
  });
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.endsWith('.tmp'))
    .map((entry) => relative(bundleRoot, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !listed.has(path))
    .map((path) => ({ path: path.slice('files/'.length), problem: 'unlisted', expected: null, found: null }));
}

async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissingError(error)) return undefined;
    throw error;
  }
}
