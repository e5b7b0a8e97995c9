import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../../system/files/atomic-write.js';

/** `trees/{commit}.json`: what `snapshot_download` of Python's huggingface_hub 2 keeps of the hub's answer. */
const treeSchema = z.object({
  format_version: z.literal(1),
  files: z.record(z.string(), z.object({ blob_id: z.string(), lfs_sha256: z.string().nullish() })),
});

/** The etag of every file of a commit, by path; undefined where the listing is not there. */
export async function readTree(repoFolder: string, commit: string): Promise<Map<string, string> | undefined> {
  try {
    const text = await readFile(join(repoFolder, 'trees', `${commit}.json`), 'utf8');
    const { files } = treeSchema.parse(JSON.parse(text));
    return new Map(Object.entries(files).map(([path, file]) => [path, file.lfs_sha256 ?? file.blob_id]));
  } catch {
    return undefined;
  }
}

/** A commit's files, as the hub listed them. */
export interface TreeListing {
  paths: readonly string[];
  files: readonly TreeFile[];
}

interface TreeFile {
  path: string;
  size: number;
  etag: string;
  blobId?: string;
  xetHash?: string;
}

/** Keeps a listing as Python's tools do, unless it lacks what they want of a file. */
export async function writeTree(repoFolder: string, commit: string, { paths, files }: TreeListing): Promise<void> {
  const entries = files.flatMap(({ path, size, etag, blobId, xetHash }) => {
    if (blobId === undefined) return [];
    const lfs = etag === blobId ? {} : { lfs_sha256: etag, lfs_size: size };
    return [
      [path, { size, blob_id: blobId, ...lfs, ...(xetHash === undefined ? {} : { xet_hash: xetHash }) }] as const,
    ];
  });
  if (entries.length !== paths.length) return;
  const sorted = entries.sort(([left], [right]) => (left < right ? -1 : 1));
  const tree = { format_version: 1, files: Object.fromEntries(sorted) };
  const path = join(repoFolder, 'trees', `${commit}.json`);
  await writeFileAtomic(path, JSON.stringify(tree, null, 1), { flush: false });
}
