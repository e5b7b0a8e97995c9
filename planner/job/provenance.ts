import { z } from 'zod';
import { modelIdentitySchema, type ModelIdentity } from '../model/identity.js';
import type { ArtifactRef } from '../request/artifact.js';
import type { ModelAccessJobRequest } from '../request/request.js';
import { once } from '../shared/once.js';

/** The most files that a provenance names. */
const maxFiles = 100;

/** The longest parameters that it holds, and that each artifact repeats, in characters of JSON. */
const maxParameters = 10_000;
const maxRepeated = 1000;

const hex = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lowercase hex');
const versionSchema = z.object({ name: z.string(), version: z.string().nullable() });

/** A file that a job has read: by its content, or by what its storage tells of its version. */
export const inputFileSchema = once(() =>
  z.object({
    /** A path of the worker's, or `s3://…`. */
    location: z.string(),
    sizeBytes: z.int().nonnegative(),
    sha256: z.exactOptional(hex),
    /** In milliseconds since 1970. */
    modifiedMs: z.exactOptional(z.number()),
    etag: z.exactOptional(z.string()),
    versionId: z.exactOptional(z.string()),
  }),
);

/** What a job's outputs come from: all that somebody needs to make them again, or to see why they differ. */
export const provenanceSchema = once(() =>
  z.object({
    /** The program that ran the job. */
    product: versionSchema,
    /** SHA-256 of the request as the job took it, placeholders filled and without its id (`canonicalRequest`). */
    requestDigest: hex,
    /** What ran: the stand-in where there was one. Null for a job without a model, and where it is not known. */
    model: modelIdentitySchema().nullable(),
    /** What ran the model: more than one where the workers of a batch differed. */
    backends: z.array(versionSchema),
    /** The request's `options.parameters`; null where they are long: the request holds them. */
    parameters: z.record(z.string(), z.json()).nullable(),
    inputs: z.object({
      /** Inputs of the request. */
      count: z.int().nonnegative(),
      /** SHA-256 over all of them. */
      digest: hex,
      /** Of the files among them the first hundred. */
      files: z.array(inputFileSchema()),
    }),
  }),
);

export type Provenance = z.infer<ReturnType<typeof provenanceSchema>>;
export type InputFile = z.infer<ReturnType<typeof inputFileSchema>>;
/** A product, backend or package, and its version; null where nobody knows it. */
export type Version = z.infer<typeof versionSchema>;

/** What is gathered for a provenance. Digests are SHA-256 in lowercase hex. */
export interface ProvenanceFacts {
  product: Version;
  request: ModelAccessJobRequest;
  requestDigest: string;
  model?: ModelIdentity | null | undefined;
  backends?: readonly Version[];
  inputsDigest: string;
  files: readonly InputFile[];
}

/** A job's provenance: of bounded size, for it stands in histories and memos. */
export function provenanceOf(facts: ProvenanceFacts): Provenance {
  const { product, request, requestDigest, model = null, backends = [], inputsDigest, files } = facts;
  const parameters = request.options?.parameters ?? {};
  return {
    product,
    requestDigest,
    model,
    backends: distinct(backends),
    parameters: JSON.stringify(parameters).length > maxParameters ? null : parameters,
    inputs: { count: request.inputs.length, digest: inputsDigest, files: files.slice(0, maxFiles) },
  };
}

/** Versions, each once. */
export function distinct(versions: readonly Version[]): Version[] {
  return [...new Map(versions.map((one) => [JSON.stringify([one.name, one.version]), one])).values()];
}

/** A model's identity as metadata of jobs and artifacts. */
export function identityMetadata({ label, commit, digest, version }: ModelIdentity): Record<string, string> {
  const entries = { 'model.identity': label, 'model.commit': commit, 'model.digest': digest, 'model.version': version };
  return Object.fromEntries(Object.entries(entries).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
}

/**
 * The model that a job has pinned, from its metadata, for people: `owner/name@{commit}`, else its label and version.
 * Undefined before, and for jobs of earlier versions.
 */
export function pinnedModel(metadata: Readonly<Record<string, string>>): string | undefined {
  const { 'model.identity': label, 'model.commit': commit, 'model.version': version } = metadata;
  if (label === undefined) return undefined;
  const [repository = ''] = label.split('@');
  if (commit !== undefined) return `${repository}@${commit}`;
  return version === undefined ? label : `${label} (${version})`;
}

/** A provenance as metadata of jobs and artifacts: their readers need no other file. */
export function provenanceMetadata(provenance: Provenance): Record<string, string> {
  const { product, requestDigest, model, backends, parameters, inputs } = provenance;
  return {
    ...(model ? identityMetadata(model) : {}),
    ...(backends.length > 0 ? { 'backend.version': backends.map(versionText).join('; ') } : {}),
    ...parametersMetadata(parameters),
    'request.digest': requestDigest,
    'inputs.digest': inputs.digest,
    'product.version': versionText(product),
  };
}

/** Artifacts with what they come from in their metadata. */
export function traced(artifacts: readonly ArtifactRef[], from: Provenance): ArtifactRef[] {
  const metadata = provenanceMetadata(from);
  return artifacts.map((artifact) => ({ ...artifact, metadata: { ...metadata, ...artifact.metadata } }));
}

/** Long ones stand in the provenance alone. */
function parametersMetadata(parameters: Provenance['parameters']): Record<string, string> {
  const text = JSON.stringify(parameters ?? {});
  return text === '{}' || text.length > maxRepeated ? {} : { 'request.parameters': text };
}

function versionText({ name, version }: Version): string {
  return version === null ? name : `${name} ${version}`;
}
