import { listFiles } from '@huggingface/hub';
import { fileOfEntry, type HubFile } from './hub-file.js';

/** Those of the paths that a listing of the whole commit has; the listing comes in pages (`Link`). */
export async function filesOfTree(
  options: { hubUrl: string; fetch: typeof globalThis.fetch },
  repo: string,
  revision: string,
  paths: readonly string[],
): Promise<HubFile[]> {
  const wanted = new Set(paths);
  const files: HubFile[] = [];
  for await (const entry of listFiles({ ...options, repo, revision, recursive: true })) {
    if (entry.type === 'file' && wanted.has(entry.path)) files.push(fileOfEntry(entry));
  }
  return files;
}
