import {
  modelMetadata,
  provenanceMetadata,
  type InferenceFacts,
  type JsonValue,
  type ModelAccessJobRequest,
} from '../../planner/index.js';
import type { RowsOutcome } from '../models/use/run-rows.js';
import { inputVersions } from '../workspace/input-versions.js';
import { leadToRun, openRunFolder } from '../workspace/run-folder.js';
import type { JobWork } from '../workspace/work.js';
import type { InferenceDeps } from './deps.js';
import { inferenceProvenance } from './inference-provenance.js';
import { mediaKind } from './media-kind.js';
import { readInputs } from './read-inputs.js';
import { reportInputs, runInputs } from './run-inputs.js';
import { timed } from './timed.js';
import { modelFacts, useModel } from './use-model.js';
import { watchInputs } from './watch-inputs.js';
import { filesArtifacts } from '../workspace/files-artifacts.js';
import { writeOutputs } from './write-outputs.js';

/** The largest list of outputs that a result holds itself, in bytes of JSON; larger ones are only in the artifact. */
const maxInlineBytes = 256 * 1024;

/**
 * Runs all inputs of a request, in batches, and writes the outputs to the job's folder.
 *
 * @throws ModelJobError that names the input which is bad; `IntegrityError` for a file of inputs that changed meanwhile;
 *   as {@link useModel}
 */
export async function infer(
  deps: InferenceDeps,
  request: ModelAccessJobRequest,
  work: JobWork,
): Promise<InferenceFacts> {
  const { task } = request.spec;
  const checkInputs = await watchInputs(request.inputs, deps.paths);
  const inputs = await readInputs(request.inputs, { task, paths: deps.paths });
  const versions = await inputVersions(request.inputs, deps.paths, { hashed: true, signal: work.signal });
  await checkInputs();
  reportInputs(work, 0, inputs.length, `loading ${request.spec.name}`);
  return useModel(deps, request, work, async (use) => {
    const folder = await openRunFolder(deps.home, work);
    const [{ value: rows, ms: runMs }, provenance] = await Promise.all([
      timed(() => runInputs(use, { request, inputs, folder }, work)),
      inferenceProvenance(deps, { request, use, inputs: versions }, work.signal),
    ]);
    // Pictures and recordings are read by the model.
    await checkInputs((location) => mediaKind(location, task) !== undefined);
    const metadata = { ...provenanceMetadata(provenance), ...modelMetadata(request.spec, request.backend) };
    const place = { request, folder, metadata, signal: work.signal };
    const artifact = await writeOutputs(place, rows);
    const files = rows.files.length > 0 ? await filesArtifacts(place, rows.files) : undefined;
    await leadToRun(folder);
    return {
      inputCount: request.inputs.length,
      outputs: inlineOutputs(rows),
      artifact,
      ...metadataOf(rows),
      ...(files ? { files } : {}),
      alreadyLoaded: use.alreadyLoaded,
      loadMs: use.alreadyLoaded ? 0 : use.loadMs,
      runMs,
      ...modelFacts(use),
      ...use.pool.device,
      provenance,
    };
  });
}

/** The most outputs that a result tells something of. */
const maxTold = 1000;

function metadataOf({ metadata }: RowsOutcome): Pick<InferenceFacts, 'metadata' | 'truncated'> {
  if (metadata.size === 0) return {};
  const told = [...metadata].sort(([left], [right]) => left - right).map(([index, one]) => ({ index, ...one }));
  return { metadata: told.slice(0, maxTold), truncated: told.filter(({ truncated }) => truncated).length };
}

function inlineOutputs({ outputs, vectors }: RowsOutcome): JsonValue[] | null {
  const bytes = outputs.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  if (bytes > maxInlineBytes || vectors.some((vector) => vector !== null)) return null;
  return outputs.map((text) => JSON.parse(text ?? 'null') as JsonValue);
}
