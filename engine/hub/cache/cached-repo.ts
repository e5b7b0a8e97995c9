import { lstat, readFile, readlink, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { temporaryName, withFolder, writeFileAtomic } from '../../../system/files/atomic-write.js';

/**
 * One repository in the hub cache, laid out as the Python `huggingface_hub` reads and writes it:
 * `blobs/{etag}`, `snapshots/{commit}/{path}` as relative links, `refs/{revision}` with a commit.
 */
export interface CachedRepo {
  blob(etag: string): string;
  snapshot(commit: string, path: string): string;
  /** Whether a blob is there; a size that differs is another file's. */
  has(etag: string, size: number): Promise<boolean>;
  /** Links a finished blob into a snapshot. */
  link(commit: string, path: string, etag: string): Promise<void>;
  /** The commit that a revision stood for when it was last resolved; undefined when never. */
  readRef(revision: string): Promise<string | undefined>;
  writeRef(revision: string, commit: string): Promise<void>;
  /** The blob behind a snapshot's file; undefined where it is not there. */
  cached(commit: string, path: string): Promise<CachedBlob | undefined>;
}

async function replaceLink(target: string, link: string): Promise<void> {
  const temporary = temporaryName(link);
  await symlink(target, temporary);
  try {
    await rename(temporary, link);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A blob of the cache; its name is its etag, and for files in LFS the SHA-256 of its bytes. */
export interface CachedBlob {
  path: string;
  size: number;
  etag: string;
  sha256?: string;
}

/** A repository's folder in the cache: `models--{owner}--{name}`. */
export function openCachedRepo(cacheDir: string, repoId: string): CachedRepo {
  const folder = join(cacheDir, `models--${repoId.split('/').join('--')}`);
  const repo: CachedRepo = {
    blob: (etag) => join(folder, 'blobs', etag),
    snapshot: (commit, path) => join(folder, 'snapshots', commit, path),

    async has(etag, size) {
      return stat(repo.blob(etag)).then(
        (stats) => stats.size === size,
        () => false,
      );
    },

    async link(commit, path, etag) {
      const link = repo.snapshot(commit, path);
      const target = relative(dirname(link), repo.blob(etag));
      if ((await readlink(link).catch(() => undefined)) === target) return;
      try {
        await withFolder(link, () => symlink(target, link));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        await replaceLink(target, link);
      }
    },

    async readRef(revision) {
      // A commit stands for itself.
      if (/^[0-9a-f]{40}$/.test(revision)) return revision;
      try {
        return (await readFile(join(folder, 'refs', revision), 'utf8')).trim();
      } catch {
        return undefined;
      }
    },

    async writeRef(revision, commit) {
      if (revision !== commit) await writeFileAtomic(join(folder, 'refs', revision), commit);
    },

    async cached(commit, path) {
      try {
        const blob = await realpath(repo.snapshot(commit, path));
        const etag = basename(blob);
        const named = /^[0-9a-f]{64}$/.test(etag) ? { sha256: etag } : {};
        return { path: blob, size: (await lstat(blob)).size, etag, ...named };
      } catch {
        return undefined;
      }
    },
  };
  return repo;
}
