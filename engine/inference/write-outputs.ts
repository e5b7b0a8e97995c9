import { outputArtifactId, type ArtifactRef } from '../../planner/index.js';
import { gather } from '../../system/files/gather.js';
import { openFolder } from '../storage/index.js';
import type { OutputPlace } from '../workspace/files-artifacts.js';
import { npyOf } from './npy.js';
import type { RowsOutcome } from '../models/use/run-rows.js';

/** Writes the outputs as one file: a JSON array (`output.json`), or a NumPy array (`output.npy`). */
export async function writeOutputs(
  { request, folder, metadata, signal }: OutputPlace,
  rows: RowsOutcome,
): Promise<ArtifactRef> {
  const npy = request.options?.outputFormat === 'npy';
  const vectors = rows.vectors.filter((vector) => vector !== null);
  const bytes = gather(npy ? npyOf(vectors) : jsonArray(rows.outputs));
  const written = await openFolder(folder).write(npy ? 'output.npy' : 'output.json', bytes, signal);
  return {
    id: outputArtifactId(request, 'output'),
    kind: npy ? 'binary' : 'json',
    mediaType: npy ? 'application/x-npy' : 'application/json',
    metadata,
    ...written,
  };
}

function* jsonArray(texts: readonly (string | null)[]): Generator<string> {
  yield '[';
  for (const [at, text] of texts.entries()) yield `${at === 0 ? '' : ','}${text ?? 'null'}`;
  yield ']\n';
}
