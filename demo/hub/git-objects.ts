import { createHash } from 'node:crypto';

/** A file of a tree and the id of its blob. */
export interface BlobEntry {
  path: string;
  oid: string;
}

interface Child {
  mode: '100644' | '40000';
  name: string;
  oid: string;
}

/** The id that git gives an object: SHA-1 over its header and content. */
export function gitOid(type: 'blob' | 'tree' | 'commit', content: Uint8Array): string {
  return createHash('sha1').update(gitHeader(type, content.length)).update(content).digest('hex');
}

/** What git hashes before an object's content. */
export function gitHeader(type: string, sizeBytes: number): string {
  return `${type} ${sizeBytes}\0`;
}

/** The ids of all folders by path, as git computes them; the root is the empty path. */
export function treeOids(files: readonly BlobEntry[]): Map<string, string> {
  const folders = groupByFolder(files);
  const oids = new Map<string, string>();
  const deepestFirst = [...folders.keys()].sort((a, b) => depth(b) - depth(a));
  for (const folder of deepestFirst) {
    const oid = gitOid('tree', treeContent(folders.get(folder) ?? []));
    oids.set(folder, oid);
    if (folder !== '') {
      folders.get(parentOf(folder))?.push({ mode: '40000', name: nameOf(folder), oid });
    }
  }
  return oids;
}

/** A commit of that tree by a fixed author at a fixed time, so that equal folders have equal commits. */
export function commitOid(tree: string): string {
  const author = 'hub <hub@localhost> 1704067200 +0000';
  const content = `tree ${tree}\nauthor ${author}\ncommitter ${author}\n\nUpload folder\n`;
  return gitOid('commit', Buffer.from(content));
}

/** The time of every commit, the same as in the commit object. */
export const commitDate = '2024-01-01T00:00:00.000Z';

/** The title of every commit. */
export const commitTitle = 'Upload folder';

function groupByFolder(files: readonly BlobEntry[]): Map<string, Child[]> {
  const folders = new Map<string, Child[]>([['', []]]);
  for (const { path, oid } of files) {
    for (let folder = parentOf(path); !folders.has(folder); folder = parentOf(folder)) {
      folders.set(folder, []);
    }
    folders.get(parentOf(path))?.push({ mode: '100644', name: nameOf(path), oid });
  }
  return folders;
}

function treeContent(children: readonly Child[]): Uint8Array {
  const sorted = [...children].sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  return Buffer.concat(
    sorted.flatMap(({ mode, name, oid }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]),
  );
}

/** Git sorts folders as if their names ended with a slash. */
function sortKey({ mode, name }: Child): Buffer {
  return Buffer.from(mode === '40000' ? `${name}/` : name);
}

function depth(folder: string): number {
  return folder === '' ? 0 : folder.split('/').length;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
