import type { BigIntStats } from 'node:fs';
import {
  constants,
  copyFile,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { temporaryName, withFolder, writeFileAtomic } from '../../../system/files/atomic-write.js';
import { hasNoLinks, isErrno, isMissingError } from '../../../system/files/errno.js';
import { readTree, writeTree, type TreeListing } from './tree.js';

/**
 * One repository in the hub cache, laid out as the Python `huggingface_hub` reads and writes it: `blobs/{etag}`,
 * `snapshots/{commit}/{path}` as relative links, `refs/{revision}` with a commit, `.no_exist/{commit}/{path}` for what a
 * commit does not have. A blob may itself be a link into a store that all repositories share (Xet), and a snapshot's file
 * may be a real one (`HF_HUB_DISABLE_SYMLINKS`, a copy of the cache that follows links).
 */
export interface CachedRepo {
  blob(etag: string): string;
  snapshot(commit: string, path: string): string;
  /** Whether a blob is there; a size that differs is another file's. */
  has(etag: string, size: number): Promise<boolean>;
  /** Where a blob that was made now is, links resolved. */
  realBlob(etag: string): Promise<string>;
  /** What may be there of a commit now, by a look at its folders: what is not is not looked for one by one. */
  look(commit: string): Promise<CacheLook>;
  /** Links a finished blob into a snapshot. Returns false where the file system has no links: then it is a real file. */
  link(commit: string, path: string, etag: string): Promise<boolean>;
  /** The commit that a revision stood for when it was last resolved; undefined when never. */
  readRef(revision: string): Promise<string | undefined>;
  writeRef(revision: string, commit: string): Promise<void>;
  /** A commit's file; undefined where its bytes are not there. */
  cached(commit: string, path: string): Promise<CachedFile | undefined>;
  /** Whether the commit is known not to have a file. */
  isAbsent(commit: string, path: string): Promise<boolean>;
  writeAbsent(commit: string, path: string): Promise<void>;
  /** All paths of a commit; undefined where nobody has listed them. */
  paths(commit: string): Promise<ReadonlySet<string> | undefined>;
  /** Keeps a listing of a commit, where it tells what Python's tools want of one. */
  writeTree(commit: string, listing: TreeListing): Promise<void>;
}

/** A file of the cache: where its bytes are, its size, and its etag where that is known. None of them is a SHA-256. */
export interface CachedFile {
  /** Absolute, of a real file. */
  path: string;
  size: number;
  etag?: string;
  /** Whether it is a blob: a file that nobody writes again. */
  isBlob: boolean;
  /** What the file system says of it, where that was asked in full. */
  facts?: BigIntStats;
}

/** What a cache may hold at one moment. */
export interface CacheLook {
  mayHaveBlob(etag: string): boolean;
  mayHaveFiles: boolean;
}

/** A repository's folder in the cache: `models--{owner}--{name}`. */
export function repoFolderName(repoId: string): string {
  return `models--${repoId.split('/').join('--')}`;
}

export function openCachedRepo(cacheDir: string, repoId: string): CachedRepo {
  const folder = join(cacheDir, repoFolderName(repoId));
  const absent = (commit: string, path: string): string => join(folder, '.no_exist', commit, path);
  const trees = new Map<string, ReturnType<typeof readTree>>();
  let realBlobs: Promise<string> | undefined;
  const treeOf = (commit: string): ReturnType<typeof readTree> => {
    const tree = trees.get(commit) ?? readTree(folder, commit);
    trees.set(commit, tree);
    return tree;
  };
  const repo: CachedRepo = {
    blob: (etag) => join(folder, 'blobs', etag),
    snapshot: (commit, path) => join(folder, 'snapshots', commit, path),

    async has(etag, size) {
      return stat(repo.blob(etag)).then(
        (stats) => stats.size === size,
        () => false,
      );
    },

    async realBlob(etag) {
      realBlobs ??= realpath(join(folder, 'blobs'));
      return join(await realBlobs, etag);
    },

    async look(commit) {
      const [blobs, files] = await Promise.all([
        namesIn(join(folder, 'blobs')),
        namesIn(join(folder, 'snapshots', commit)),
      ]);
      return { mayHaveBlob: (etag) => blobs?.has(etag) ?? true, mayHaveFiles: files?.size !== 0 };
    },

    async link(commit, path, etag) {
      const pointer = repo.snapshot(commit, path);
      const target = relative(dirname(pointer), repo.blob(etag));
      try {
        await withFolder(pointer, () => symlink(target, pointer));
      } catch (error) {
        if (hasNoLinks(error)) return placeFile(repo.blob(etag), pointer);
        if (!isErrno(error, 'EEXIST')) throw error;
        if ((await readlink(pointer).catch(() => undefined)) !== target) await replaceLink(target, pointer);
      }
      return true;
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
      const pointer = repo.snapshot(commit, path);
      const target = await readlink(pointer).catch(() => undefined);
      const first = target === undefined ? undefined : resolve(dirname(pointer), target);
      const isBlob = first !== undefined && dirname(first) === join(folder, 'blobs');
      try {
        const real = await realpath(pointer);
        const stats = await lstat(real);
        if (!stats.isFile()) return undefined;
        const etag = isBlob ? basename(first) : (await treeOf(commit))?.get(path);
        return { path: real, size: stats.size, isBlob, ...(etag === undefined ? {} : { etag }) };
      } catch {
        return undefined;
      }
    },

    async isAbsent(commit, path) {
      const tree = await treeOf(commit);
      if (tree) return !tree.has(path);
      return stat(absent(commit, path)).then(
        () => true,
        () => false,
      );
    },

    async paths(commit) {
      const tree = await treeOf(commit);
      return tree && new Set(tree.keys());
    },

    async writeTree(commit, listing) {
      if ((await treeOf(commit)) === undefined) await writeTree(folder, commit, listing);
    },

    async writeAbsent(commit, path) {
      await writeFileAtomic(absent(commit, path), '', { flush: false });
    },
  };
  return repo;
}

/** Makes a real file of a snapshot, on a file system without symbolic links: Python's tools read it so. */
async function placeFile(blob: string, file: string): Promise<false> {
  const temporary = temporaryName(file);
  await mkdir(dirname(file), { recursive: true });
  await link(blob, temporary).catch(() => copyFile(blob, temporary, constants.COPYFILE_FICLONE));
  await rename(temporary, file);
  return false;
}

/** Undefined for a folder that can't be listed. */
async function namesIn(folder: string): Promise<ReadonlySet<string> | undefined> {
  try {
    return new Set(await readdir(folder));
  } catch (error) {
    return isMissingError(error) ? new Set() : undefined;
  }
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
