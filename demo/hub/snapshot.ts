import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { commitOid, gitOid, treeOids } from './git-objects.js';
import { blobOidOf, sha256Of, stampOf } from './hashes.js';

/** A file of a snapshot. */
export interface SnapshotFile {
  type: 'file';
  /** Relative to the repo, with `/`. */
  path: string;
  /** Git's id of the blob: for a file in LFS that of its pointer. */
  oid: string;
  /** Bytes of the content, in LFS too. */
  size: number;
  lfs?: { oid: string; size: number; pointerSize: number };
  /** Where the content is on disk. */
  file: string;
  /** Changes when the content on disk does. */
  stamp: string;
}

/** A folder of a snapshot. */
export interface SnapshotFolder {
  type: 'directory';
  path: string;
  oid: string;
  size: 0;
}

/** A folder on disk as a commit. */
export interface Snapshot {
  commit: string;
  /** Files and folders by path, in the order of their paths. */
  entries: Map<string, SnapshotFile | SnapshotFolder>;
}

/** Reads a folder and hashes its files; links to files count as files, links to folders do not count. */
export async function takeSnapshot(
  folder: string,
  inLfs: (path: string, sizeBytes: number) => boolean,
): Promise<Snapshot> {
  const paths = await listFiles(folder, '');
  const files = await Promise.all(paths.map((path) => readFile(folder, path, inLfs)));
  const oids = treeOids(files);
  const folders = [...oids]
    .filter(([path]) => path !== '')
    .map(([path, oid]): SnapshotFolder => ({ type: 'directory', path, oid, size: 0 }));
  const entries = [...files, ...folders].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { commit: commitOid(oids.get('') ?? ''), entries: new Map(entries.map((entry) => [entry.path, entry])) };
}

/** What git stores instead of a file in LFS: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
export function lfsPointer(sha256: string, sizeBytes: number): Uint8Array {
  return Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${sizeBytes}\n`);
}

async function listFiles(folder: string, prefix: string): Promise<string[]> {
  const children = await readdir(join(folder, prefix), { withFileTypes: true });
  const lists = await Promise.all(
    children.map(async (child) => {
      const path = prefix + child.name;
      if (child.isDirectory()) {
        return child.name === '.git' ? [] : listFiles(folder, `${path}/`);
      }
      return child.isFile() || (await leadsToFile(join(folder, path))) ? [path] : [];
    }),
  );
  return lists.flat();
}

async function leadsToFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

async function readFile(
  folder: string,
  path: string,
  inLfs: (path: string, sizeBytes: number) => boolean,
): Promise<SnapshotFile> {
  const file = join(folder, path);
  const stats = await stat(file, { bigint: true });
  const size = Number(stats.size);
  const stamp = stampOf(file, stats);
  if (!inLfs(path, size)) {
    return { type: 'file', path, oid: await blobOidOf(file, stamp, size), size, file, stamp };
  }
  const sha256 = await sha256Of(file, stamp);
  const pointer = lfsPointer(sha256, size);
  const lfs = { oid: sha256, size, pointerSize: pointer.length };
  return { type: 'file', path, oid: gitOid('blob', pointer), size, lfs, file, stamp };
}
