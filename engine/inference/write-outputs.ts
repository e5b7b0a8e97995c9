import { join } from 'node:path';
import { outputArtifactId, type ArtifactRef } from '../../planner/index.js';
import { writeFileAtomic } from '../../system/files/atomic-write.js';
import { fileArtifact } from '../workspace/file-artifact.js';
import type { OutputPlace } from '../workspace/files-artifacts.js';
import { npyOf } from './npy.js';
import type { RowsOutcome } from '../models/use/run-rows.js';

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

function* jsonArray(texts: readonly (string | null)[]): Generator<string> {
  yield '[';
  for (const [at, text] of texts.entries()) yield `${at === 0 ? '' : ','}${text ?? 'null'}`;
  yield ']\n';
}
