import type { z } from 'zod';
import {
  ModelJobError,
  selectionOf,
  selectsFiles,
  type ModelAccessJobRequest,
  type ModelTask,
} from '../../../planner/index.js';
import type { RuntimeSettings } from './model-runtime.js';

/** What a runtime is asked the version of. */
export interface VersionQuestion {
  request: ModelAccessJobRequest;
  settings: RuntimeSettings;
  signal: AbortSignal;
  /** The SHA-256 of a file, remembered for as long as the file stays as it is. */
  sha256: (path: string) => Promise<string>;
}

/** What stands for the version of a model without files, in words, and what people call the model. */
export interface ModelVersion {
  label: string;
  version: string;
}

/** A runtime that this worker has. */
export interface RuntimeEntry {
  /** The module that exports it as `runtime`. */
  module: URL;
  /** Whether its models are bundles; one that has none is asked to load without. Default: true. */
  bundle?: boolean;
  /** The version of a model without files; undefined where nobody knows. Default: the module's own bytes. */
  version?: (question: VersionQuestion) => Promise<ModelVersion | undefined>;
  /** The most processes that one model is loaded in. Default: the worker's. */
  processes?: number;
  /**
   * The parameters that it takes for a task, so that a request is refused before its model is loaded; undefined where
   * only the model itself knows. Default: only the model itself knows.
   */
  parameters?: (task: ModelTask) => z.ZodRawShape | undefined;
  /** Inputs in a batch. Default: as many as are quick. */
  batchSize?: number;
  /** The installed packages that its answers depend on: a job's provenance names them. Default: none is known. */
  packages?: readonly string[];
}

/** The runtimes of this worker, by the name of the backend that they serve. */
export type RuntimeRegistry = Readonly<Record<string, RuntimeEntry>>;

/**
 * The runtime for a backend.
 *
 * @throws ModelJobError `MissingDependency` that names the backend and those that there are
 */
export function runtimeFor(runtimes: RuntimeRegistry, backend: string): RuntimeEntry {
  const runtime = Object.hasOwn(runtimes, backend) ? runtimes[backend] : undefined;
  if (runtime) return runtime;
  throw new ModelJobError(
    'MissingDependency',
    `backend \`${backend}\` has no runtime on this worker; it has ${Object.keys(runtimes).join(', ')}`,
  );
}

/** Whether a model is a bundle on this runtime: it has files, from a place that files come from. */
export function hasBundle({ bundle = true }: RuntimeEntry, request: ModelAccessJobRequest): boolean {
  const { spec } = request;
  const fromFiles = spec.source.kind === 'hugging_face' || spec.source.kind === 'local_path';
  return bundle && fromFiles && selectsFiles(selectionOf(request));
}
