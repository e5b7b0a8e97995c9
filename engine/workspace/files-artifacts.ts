import { join } from 'node:path';
import {
  maxListedArtifacts,
  outputArtifactId,
  type ArtifactKind,
  type ArtifactRef,
  type ModelAccessJobRequest,
} from '../../planner/index.js';
import { writeFileAtomic } from '../../system/files/atomic-write.js';
import { fileArtifact } from './file-artifact.js';

/** Where outputs go, and for whom. */
export interface OutputPlace {
  request: ModelAccessJobRequest;
  /** The job's folder, absolute. */
  folder: string;
  /** Of all artifacts. */
  metadata: Record<string, string>;
  signal: AbortSignal;
}

/** A file that becomes an artifact, and what is known of it alone. */
export interface ListedFile {
  /** Absolute. */
  path: string;
  kind: ArtifactKind;
  mediaType: string;
  metadata?: Record<string, string>;
}

/** The artifacts of files that a model or program made; many are one file that lists them. */
export async function filesArtifacts(place: OutputPlace, files: readonly ListedFile[]): Promise<ArtifactRef[]> {
  const { request, folder, signal } = place;
  const artifacts: ArtifactRef[] = [];
  for (const [at, { path, kind, mediaType, ...own }] of files.entries()) {
    const id = outputArtifactId(request, `file-${at}`);
    const metadata = { ...place.metadata, ...own.metadata };
    artifacts.push(await fileArtifact(path, { id, kind, mediaType, metadata }, signal));
  }
  if (artifacts.length <= maxListedArtifacts) return artifacts;
  const list = join(folder, 'files.json');
  await writeFileAtomic(list, `${JSON.stringify(artifacts)}\n`);
  const id = outputArtifactId(request, 'files');
  const { metadata } = place;
  return [await fileArtifact(list, { id, kind: 'json', mediaType: 'application/json', metadata }, signal)];
}
