import { backendName, ModelJobError, type ModelBackend } from '../../planner/index.js';
import type { ModelRuntime } from './model-runtime.js';
import { transformersRuntime } from './transformers-runtime.js';

/** The runtimes of this worker, by the backend that a request names. */
export type RuntimeRegistry = Readonly<Record<string, ModelRuntime>>;

/** The runtimes that are built in. */
export const builtInRuntimes: RuntimeRegistry = { onnx: transformersRuntime, cpu: transformersRuntime };

/**
 * The runtime for a backend.
 *
 * @throws ModelJobError `MissingDependency` that names the backend and those that there are
 */
export function runtimeFor(runtimes: RuntimeRegistry, backend: ModelBackend): ModelRuntime {
  const name = backendName(backend);
  const runtime = Object.hasOwn(runtimes, name) ? runtimes[name] : undefined;
  if (runtime) return runtime;
  throw new ModelJobError(
    'MissingDependency',
    `backend \`${name}\` has no runtime on this worker; it has ${Object.keys(runtimes).join(', ')}`,
  );
}
