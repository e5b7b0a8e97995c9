import { join } from 'node:path';
import {
  maxListedArtifacts,
  outputArtifactId,
  type ArtifactRef,
  type ModelAccessJobRequest,
} from '../../planner/index.js';
import { writeFileAtomic } from '../../system/files/atomic-write.js';
import { fileArtifact } from '../workspace/file-artifact.js';
import type { OutputFile } from '../models/contract/model-runtime.js';
import { npyOf } from './npy.js';
import type { RowsOutcome } from '../models/use/run-rows.js';

/** Where outputs go, and for whom. */
export interface OutputPlace {
  request: ModelAccessJobRequest;
  /** The job's folder, absolute. */
  folder: string;
  /** Of all artifacts. */
  metadata: Record<string, string>;
  signal: AbortSignal;
}

/** Writes the outputs as one file: a JSON array (`output.json`), or a NumPy array (`output.npy`). */
export async function writeOutputs(
  { request, folder, metadata, signal }: OutputPlace,
  rows: RowsOutcome,
): Promise<ArtifactRef> {
  const npy = request.options?.outputFormat === 'npy';
  const path = join(folder, npy ? 'output.npy' : 'output.json');
  const vectors = rows.vectors.filter((vector) => vector !== null);
  await writeFileAtomic(path, npy ? npyOf(vectors) : jsonArray(rows.outputs));
  return fileArtifact(
    path,
    {
      id: outputArtifactId(request, 'output'),
      kind: npy ? 'binary' : 'json',
      mediaType: npy ? 'application/x-npy' : 'application/json',
      metadata,
    },
    signal,
  );
}

/** The artifacts of files that a model made; many are one file that lists them. */
export async function filesArtifacts(place: OutputPlace, files: readonly OutputFile[]): Promise<ArtifactRef[]> {
  const { request, folder, metadata, signal } = place;
  const artifacts: ArtifactRef[] = [];
  for (const [at, { path, kind, mediaType }] of files.entries()) {
    const id = outputArtifactId(request, `file-${at}`);
    artifacts.push(await fileArtifact(path, { id, kind, mediaType, metadata }, signal));
  }
  if (artifacts.length <= maxListedArtifacts) return artifacts;
  const list = join(folder, 'files.json');
  await writeFileAtomic(list, `${JSON.stringify(artifacts)}\n`);
  const id = outputArtifactId(request, 'files');
  return [await fileArtifact(list, { id, kind: 'json', mediaType: 'application/json', metadata }, signal)];
}

function* jsonArray(texts: readonly (string | null)[]): Generator<string> {
  yield '[';
  for (const [at, text] of texts.entries()) yield `${at === 0 ? '' : ','}${text ?? 'null'}`;
  yield ']\n';
}
