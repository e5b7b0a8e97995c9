import { artifactKindName, type ArtifactRef } from '../request/artifact.js';
import { ModelJobError } from '../shared/errors.js';
import { defaultJobId, jobSpecOf, type JobSpec } from '../job/job-spec.js';
import { kindFacts, type ModelJobKind, type SideEffect } from '../request/kinds.js';
import { modelMetadata } from '../request/model-facts.js';
import type { ModelBackend } from '../request/model-spec.js';
import { bundleFolder, planBundle, validateSpec } from './plan-bundle.js';
import {
  parseModelAccessJobRequest,
  type ModelAccessJobRequest,
  type ModelAccessJobRequestInput,
} from '../request/request.js';

/** The crate's recommended size of a request, in bytes; a larger one is refused before the start. */
export const maxRequestBytes = 1_048_576;

/** What an execution needs, such as network access. */
export interface RuntimeRequirement {
  name: string;
  description: string;
  required: boolean;
}

export interface ExecutionPlan {
  operation: 'model.executionPlan';
  mode: 'plannedJob' | 'externalCommand';
  sideEffects: readonly SideEffect[];
  cancellable: boolean;
  progressUnit: string;
  expectedArtifacts: { id: string; kind: string; mediaType: string; required: boolean; description: string }[];
  requirements: RuntimeRequirement[];
  maxRecommendedInputBytes: number;
}

/** What a request will do, before anything happens. */
export interface AccessPlan {
  jobSpec: JobSpec;
  kind: ModelJobKind;
  backend: ModelBackend;
  executionPlan: ExecutionPlan;
  expectedArtifacts: ArtifactRef[];
}

/**
 * Plans a request (the crate's `plan_model_access`).
 *
 * @param request as parsed, or as a caller writes it
 * @throws ModelJobError `InvalidArgument`
 */
export function planModelAccess(request: ModelAccessJobRequestInput): AccessPlan {
  return planRequest(parseModelAccessJobRequest(request));
}

/** {@link planModelAccess} for a request that is already parsed. */
export function planRequest(request: ModelAccessJobRequest): AccessPlan {
  const jobSpec = planJob(request);
  const expectedArtifacts = expectedArtifactsOf(request);
  return {
    jobSpec,
    kind: request.kind,
    backend: request.backend,
    executionPlan: executionPlanOf(request, expectedArtifacts),
    expectedArtifacts,
  };
}

/**
 * The job of a request, without its artifacts: all that a workflow needs, at a cost that does not grow with the files.
 *
 * @throws ModelJobError `InvalidArgument`
 */
export function planJob(request: ModelAccessJobRequest): JobSpec {
  nested(() => validateSpec(request.spec));
  return jobSpecOf(request);
}

/** The artifact id of a job's own output: the request's prefix stands before it. */
export function outputArtifactId(request: ModelAccessJobRequest, suffix: string): string {
  return request.outputArtifactPrefix == null ? suffix : `${request.outputArtifactPrefix}-${suffix}`;
}

/** The crate wraps a bundle error in a job error, and so its prefix stands twice in the message. */
function nested(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof ModelJobError)) throw error;
    throw new ModelJobError('InvalidArgument', error.message, { cause: error });
  }
}

function executionPlanOf(request: ModelAccessJobRequest, artifacts: readonly ArtifactRef[]): ExecutionPlan {
  const kind = kindFacts(request.kind);
  return {
    operation: 'model.executionPlan',
    mode: needsCommand(request) || request.spec.source.kind === 'external_command' ? 'externalCommand' : 'plannedJob',
    sideEffects: kind.sideEffects,
    cancellable: true,
    progressUnit: kind.progressUnit,
    expectedArtifacts: artifacts.map((artifact) => ({
      id: artifact.id,
      kind: artifactKindName(artifact.kind),
      mediaType: artifact.mediaType,
      required: true,
      description: `Expected ${artifact.id} artifact`,
    })),
    requirements: requirementsOf(request),
    maxRecommendedInputBytes: maxRequestBytes,
  };
}

function needsCommand(request: ModelAccessJobRequest): boolean {
  return kindFacts(request.kind).needs === 'command' || request.backend === 'external';
}

function requirementsOf(request: ModelAccessJobRequest): RuntimeRequirement[] {
  const requirements: RuntimeRequirement[] = [];
  if (kindFacts(request.kind).needs === 'network') {
    requirements.push({
      name: 'network',
      description: 'Model file download requires network access',
      required: true,
    });
  }
  if (needsCommand(request)) {
    requirements.push({
      name: 'external-command',
      description: 'Execution requires a caller-provided command',
      required: true,
    });
  }
  return requirements;
}

function expectedArtifactsOf(request: ModelAccessJobRequest): ArtifactRef[] {
  const artifactsOf = {
    files: () => planBundle(request.spec, []).artifactRefs,
    manifest: () => [manifestArtifact(request)],
    output: () => [outputArtifact(request)],
  };
  return kindFacts(request.kind).expects.flatMap((what) => artifactsOf[what]());
}

function manifestArtifact(request: ModelAccessJobRequest): ArtifactRef {
  return {
    id: outputArtifactId(request, 'manifest'),
    kind: 'json',
    mediaType: 'application/json',
    uri: `${bundleFolder(request.spec)}/manifest.json`,
    metadata: modelMetadata(request.spec, request.backend),
  };
}

function outputArtifact(request: ModelAccessJobRequest): ArtifactRef {
  return {
    id: outputArtifactId(request, 'output'),
    kind: 'json',
    mediaType: 'application/json',
    uri: `memory://${defaultJobId(request)}/output.json`,
    metadata: modelMetadata(request.spec, request.backend),
  };
}
