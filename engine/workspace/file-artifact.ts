import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { ArtifactRef } from '../../planner/index.js';
import { sha256OfFile } from '../../system/hashing/index.js';

/** The artifact of a file that a job made, with its size and SHA-256. */
export async function fileArtifact(
  path: string,
  facts: Pick<ArtifactRef, 'id' | 'kind' | 'mediaType' | 'metadata'>,
  signal?: AbortSignal,
): Promise<ArtifactRef> {
  const [{ size }, sha256] = await Promise.all([stat(path), sha256OfFile(path, { signal })]);
  return { ...facts, uri: pathToFileURL(path).href, sizeBytes: size, sha256 };
}
