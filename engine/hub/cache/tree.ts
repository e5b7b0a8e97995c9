import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

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
