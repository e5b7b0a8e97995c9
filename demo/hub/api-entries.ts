import { commitDate, commitTitle } from './git-objects.js';
import type { Snapshot, SnapshotFile, SnapshotFolder } from './snapshot.js';

/** What the hub's scanners say of a file that they find harmless. */
const safe = { status: 'safe', avScan: { status: 'safe' }, pickleImportScan: null };

/** A file or folder as the listings show it; `expand` adds the last commit and the file's scan. */
export function apiEntry(entry: SnapshotFile | SnapshotFolder, { commit }: Snapshot, expand: boolean): object {
  const { type, oid, size, path } = entry;
  return {
    type,
    oid,
    size,
    path,
    ...(entry.type === 'file' && entry.lfs ? { lfs: entry.lfs } : {}),
    ...(expand ? { lastCommit: { id: commit, title: commitTitle, date: commitDate } } : {}),
    ...(expand && type === 'file' ? { securityFileStatus: safe } : {}),
  };
}

/** A file as the model's own information shows it; `blobs` adds size and hashes. */
export function apiSibling(file: SnapshotFile, blobs: boolean): object {
  if (!blobs) {
    return { rfilename: file.path };
  }
  const { lfs } = file;
  return {
    rfilename: file.path,
    size: file.size,
    blobId: file.oid,
    ...(lfs ? { lfs: { sha256: lfs.oid, size: lfs.size, pointerSize: lfs.pointerSize } } : {}),
  };
}
