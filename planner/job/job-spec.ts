import { ModelJobError } from '../shared/errors.js';
import { jobKinds } from '../request/kinds.js';
import { modelMetadata, revisionOf, safeName } from '../request/model-facts.js';
import type { ModelAccessJobRequest } from '../request/request.js';
import { isBlank } from '../shared/text.js';

/** A job: its id is the workflow id. */
export interface JobSpec {
  id: string;
  name: string;
  kind: string;
  metadata: Record<string, string>;
}

/** The id of a request that names none. */
export function defaultJobId(request: ModelAccessJobRequest): string {
  const { kindString } = jobKinds[request.kind];
  return `${kindString}-${safeName(request.spec.name)}-${revisionOf(request.spec) ?? 'local'}`;
}

/**
 * The job of a request, with the model's metadata and the caller's above it.
 *
 * @throws ModelJobError `InvalidArgument` for a blank id or metadata key
 */
export function jobSpecOf(request: ModelAccessJobRequest): JobSpec {
  const id = request.id ?? defaultJobId(request);
  if (isBlank(id)) throw new ModelJobError('InvalidArgument', 'job id must not be empty');
  if (Object.keys(request.metadata).some(isBlank)) {
    throw new ModelJobError('InvalidArgument', 'metadata key must not be empty');
  }
  const { kindString } = jobKinds[request.kind];
  return {
    id,
    name: `${kindString} ${request.spec.name}`,
    kind: kindString,
    metadata: { ...modelMetadata(request.spec, request.backend), ...request.metadata },
  };
}
