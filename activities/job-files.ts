import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ArtifactRef } from '../planner/index.js';
import { sha256OfFile } from './hash/index.js';

/** Makes temporary names unique within this process; the pid makes them unique on this machine. */
let temporaryNames = 0;

/** A name beside `path` that no other writer uses. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}.${++temporaryNames}.tmp`;
}

/**
 * Writes a whole file so that its name always means whole bytes: temporary name, then rename.
 *
 * @param options `flush: false` for what may be lost with the machine's power
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  { flush = true }: { flush?: boolean } = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryName(path);
  try {
    await writeFile(temporary, data, { flush });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The artifact of a file that a job made, with its size and SHA-256. */
export async function fileArtifact(
  path: string,
  facts: Pick<ArtifactRef, 'id' | 'kind' | 'mediaType' | 'metadata'>,
  signal?: AbortSignal,
): Promise<ArtifactRef> {
  const [{ size }, sha256] = await Promise.all([stat(path), sha256OfFile(path, { signal })]);
  return { ...facts, uri: pathToFileURL(path).href, sizeBytes: size, sha256 };
}
