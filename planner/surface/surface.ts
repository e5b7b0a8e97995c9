import { z } from 'zod';
import type { ArtifactRef } from '../request/artifact.js';
import { ModelJobError } from '../shared/errors.js';
import { jobKinds } from '../request/kinds.js';
import { backendName, repoIdOf, revisionOf, taskName } from '../request/model-facts.js';
import { modelSpecSchema } from '../request/model-spec.js';
import { parseWith } from '../shared/parse.js';
import { planRequest } from '../plan/plan-access.js';
import { planBundle } from '../plan/plan-bundle.js';
import { modelPresets } from '../presets/presets.js';
import { jobRequestSchema } from '../request/request.js';
import { specSummary } from '../request/spec-summary.js';
import { structuredValue } from './surface-value.js';
import { isBlank } from '../shared/text.js';

/** The crate whose package surface this is. */
const library = { name: 'moenarch-model-runtime', version: '0.1.0' };

/** An operation of the package surface and its input. */
export interface SurfaceRequest {
  operation: string;
  input?: unknown;
}

export interface SurfaceResponse {
  operation: string;
  value: Record<string, unknown>;
  diagnostics: never[];
  artifacts: never[];
}

interface SurfaceOperation {
  title: string;
  description: string;
  run: (input: unknown) => Record<string, unknown>;
}

/** The crate's six operations: pure functions over JSON. */
export const surfaceOperations: Readonly<Record<string, SurfaceOperation>> = {
  describe: {
    title: 'Package surface metadata',
    description: `${library.name} exposes 6 package-surface operations.`,
    run: describePackage,
  },
  'model.executionPlan': {
    title: 'Model execution plan',
    description:
      'Validates a model access job request and returns a pure execution plan without spawning jobs or running inference.',
    run: executionPlanValue,
  },
  'model.bundlePlan': {
    title: 'Model bundle plan',
    description:
      'Plans manifest layout and artifact references for a model spec and optional local file list without network or materialization.',
    run: bundlePlanValue,
  },
  'model.jobManifest': {
    title: 'Model job manifest',
    description: 'Projects a planned model access job into a deterministic JobManifest without starting a job.',
    run: jobManifestValue,
  },
  'model.presets': {
    title: 'Model presets',
    description: 'Lists model preset ids and derived model spec summaries without downloading models.',
    run: () => ({ presets: modelPresets }),
  },
  'model.spec': {
    title: 'Model spec',
    description: 'Validates a ModelSpec-shaped input and returns safe name, task, source, files, and revision.',
    run: specValue,
  },
};

/**
 * Runs one operation of the crate's package surface.
 *
 * @throws ModelJobError whose message is the crate's error object as JSON: `{code, message, operation, details}`
 */
export function runSurfaceOperation({ operation, input = {} }: SurfaceRequest): SurfaceResponse {
  const found = Object.hasOwn(surfaceOperations, operation) ? surfaceOperations[operation] : undefined;
  if (!found) throw unsupported(operation);
  const value = refusing(operation, () => found.run(input));
  const summary = operation === 'describe' ? describeSummary() : undefined;
  return {
    operation,
    value: structuredValue({ operation, title: found.title, message: found.description, summary, result: value }),
    diagnostics: [],
    artifacts: [],
  };
}

function describePackage(input: unknown): Record<string, unknown> {
  const operations = Object.keys(surfaceOperations);
  return {
    library: library.name,
    version: library.version,
    operationCount: operations.length,
    operations,
    input,
  };
}

function describeSummary(): Record<string, unknown> {
  return {
    operationCount: Object.keys(surfaceOperations).length,
    runtime: { wasm: true, server: true, native: true },
  };
}

function executionPlanValue(input: unknown): Record<string, unknown> {
  const plan = planRequest(parseWith(jobRequestSchema(), input, 'request'));
  return {
    plan,
    jobSpec: plan.jobSpec,
    executionPlan: plan.executionPlan,
    expectedArtifacts: plan.expectedArtifacts,
    kind: jobKinds[plan.kind].kindString,
    backend: backendName(plan.backend),
    sideEffects: plan.executionPlan.sideEffects,
  };
}

const bundlePlanInput = z.object({ spec: modelSpecSchema(), localFiles: z.array(z.string()).default([]) });

function bundlePlanValue(input: unknown): Record<string, unknown> {
  const { spec, localFiles } = parseWith(bundlePlanInput, input, 'request');
  const plan = planBundle(spec, localFiles);
  return {
    ...plan,
    spec: specSummary(spec),
    manifest: {
      schemaVersion: 1,
      name: spec.name,
      repoId: repoIdOf(spec) ?? null,
      revision: revisionOf(spec) ?? null,
      task: taskName(spec.task),
      files: plan.files,
    },
  };
}

/** The manifest of a planned job stands at the beginning of Unix time: planning has no clock. */
const epoch = '1970-01-01T00:00:00+00:00';

function jobManifestValue(input: unknown): Record<string, unknown> {
  const { jobSpec, kind, backend, expectedArtifacts } = planRequest(parseWith(jobRequestSchema(), input, 'request'));
  const { kindString } = jobKinds[kind];
  const manifest = {
    jobId: jobSpec.id,
    operationId: 'model.executionPlan',
    status: 'queued',
    progress: null,
    diagnostics: [] as never[],
    artifacts: expectedArtifacts satisfies ArtifactRef[],
    metadata: { kind: kindString, backend: backendName(backend), model: jobSpec.metadata['model.name'] },
    createdAt: epoch,
    updatedAt: epoch,
  };
  return { manifest, artifactCount: expectedArtifacts.length, jobKind: kindString, status: 'queued' };
}

function specValue(input: unknown): Record<string, unknown> {
  const spec = parseWith(modelSpecSchema(), input, 'spec');
  if (isBlank(spec.name)) throw new ModelJobError('InvalidArgument', 'model name must not be empty');
  return { ...specSummary(spec) };
}

function refusing<T>(operation: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ModelJobError)) throw error;
    const reason = error.problems.length > 0 ? `invalid request: ${error.detail}` : error.message;
    // The crate's `model.spec` reports its own check without the prefix.
    const message = operation === 'model.spec' && error.problems.length === 0 ? error.detail : reason;
    throw surfaceError('InvalidArgument', { code: 'invalid_request', message, operation, details: {} }, error);
  }
}

function unsupported(operation: string): ModelJobError {
  return surfaceError('NotFound', {
    code: 'unsupported_operation',
    message: `unsupported operation \`${operation}\` for ${library.name}`,
    operation,
    details: { package: library.name },
  });
}

function surfaceError(
  code: 'InvalidArgument' | 'NotFound',
  body: { code: string; message: string; operation: string; details: object },
  cause?: ModelJobError,
): ModelJobError {
  const message = JSON.stringify(body);
  return new ModelJobError(code, body.message, { message, problems: cause?.problems, cause });
}
