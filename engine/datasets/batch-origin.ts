import {
  repeatableRequest,
  type InputFile,
  type ModelAccessJobRequest,
  type Provenance,
  type ShardPlan,
  type Version,
} from '../../planner/index.js';
import { inputsDigest, type InputPart } from '../workspace/input-versions.js';
import { provenanceHere } from '../workspace/provenance.js';
import type { JobWork } from '../workspace/work.js';
import { readRequest } from './shards/request-file.js';
import { readIndex, type RowSource, type ShardIndex } from './shards/shard-index.js';

/** What a batch's outputs come from, and the request that makes them again. */
export interface BatchOrigin {
  request: ModelAccessJobRequest;
  provenance: Provenance;
}

/**
 * The origin of a batch's outputs; undefined for a batch that an earlier version planned.
 *
 * @param backends that have run its shards
 */
export async function batchOrigin(
  plan: ShardPlan,
  backends: readonly Version[],
  { jobId, signal }: Pick<JobWork, 'jobId' | 'signal'>,
): Promise<BatchOrigin | undefined> {
  const request = await readRequest(plan.folder, signal);
  if (!request) return undefined;
  const files = filesOf(await readIndex(plan.folder, signal));
  const values = request.inputs.flatMap((input): InputPart[] =>
    input.kind === 'json' ? [{ value: input.value }] : [],
  );
  const parts = [...values, ...files.map((file) => ({ file }))];
  return {
    request: { ...repeatableRequest(request, plan.model, plan.fallback), id: jobId },
    provenance: provenanceHere({ request, model: plan.model, backends, inputsDigest: inputsDigest(parts), files }),
  };
}

/** The files that the caller named, each once, by the versions that were planned. */
function filesOf({ sources }: ShardIndex): InputFile[] {
  const files = sources.flatMap((source) => fileOf(source) ?? []);
  return [...new Map(files.map((file) => [file.location, file])).values()];
}

function fileOf({ location, version, copyOf }: RowSource): InputFile | undefined {
  const planned = copyOf?.version ?? version;
  if (!planned) return undefined;
  const { sizeBytes, modifiedMs, etag, versionId } = planned;
  return {
    location: copyOf?.location ?? location,
    sizeBytes,
    ...(modifiedMs === undefined ? {} : { modifiedMs }),
    ...(etag === undefined ? {} : { etag }),
    ...(versionId === undefined ? {} : { versionId }),
  };
}
