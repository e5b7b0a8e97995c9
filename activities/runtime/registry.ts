import { pathToFileURL } from 'node:url';
import { ModelJobError, type ModelSpec } from '../../planner/index.js';
import { programBackends } from './program/backends.js';

/** A runtime that this worker has. */
export interface RuntimeEntry {
  /** The module that exports it as `runtime`. */
  module: URL;
  /** Whether its models are bundles; one that has none is asked to load without. Default: true. */
  bundle?: boolean;
  /** The most processes that one model is loaded in. Default: the worker's. */
  processes?: number;
  /** Inputs in a batch. Default: as many as are quick. */
  batchSize?: number;
}

/** The runtimes of this worker, by the name of the backend that they serve. */
export type RuntimeRegistry = Readonly<Record<string, RuntimeEntry>>;

const onnx: RuntimeEntry = { module: new URL('./onnx/runtime.js', import.meta.url) };

const heuristic: RuntimeEntry = { module: new URL('./heuristic/runtime.js', import.meta.url), bundle: false };

/** One process: it knows which predictions nobody asked for. */
const imported: RuntimeEntry = {
  module: new URL('./imported/runtime.js', import.meta.url),
  bundle: false,
  processes: 1,
};

const external: RuntimeEntry = { module: new URL('./external/runtime.js', import.meta.url) };

/** Their programs take the cores that they need, and one input each. */
const program: RuntimeEntry = { module: new URL('./program/runtime.js', import.meta.url), processes: 1, batchSize: 1 };

/** The server has a queue of its own. */
const comfyui: RuntimeEntry = {
  module: new URL('./comfy-ui/runtime.js', import.meta.url),
  bundle: false,
  processes: 1,
  batchSize: 1,
};

/** The runtimes that are built in. */
export const builtInRuntimes: RuntimeRegistry = {
  onnx,
  cpu: onnx,
  heuristic,
  imported,
  external,
  ...Object.fromEntries(Object.keys(programBackends).map((backend) => [backend, program])),
  comfyui,
};

/**
 * The built-in runtimes, with the operator's own beside or in place of them.
 *
 * @param modules absolute paths by backend
 */
export function runtimesOf(modules: Readonly<Record<string, string>>): RuntimeRegistry {
  const own = Object.entries(modules).map(([backend, path]) => [backend, { module: pathToFileURL(path) }] as const);
  return { ...builtInRuntimes, ...Object.fromEntries(own) };
}

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
export function hasBundle({ bundle = true }: RuntimeEntry, spec: ModelSpec): boolean {
  const fromFiles = spec.source.kind === 'hugging_face' || spec.source.kind === 'local_path';
  return bundle && fromFiles && spec.files.length > 0;
}
