/**
 * What a runtime of one's own is written against: a module that exports a {@link ModelRuntime} as `runtime`, which a
 * worker is told of by `MODEL_JOBS_RUNTIMES=backend=path`.
 *
 * ```ts
 * import type { ModelRuntime } from 'model-jobs/runtime';
 *
 * export const runtime: ModelRuntime = {
 *   async load({ bundle, signal }) {
 *     const model = await open(bundle, signal);
 *     return { run: (inputs, { signal }) => model.predict(inputs, signal), dispose: () => model.close() };
 *   },
 * };
 * ```
 *
 * @module
 */
export {
  ModelJobError,
  taskName,
  type JsonValue,
  type ModelJobErrorCode,
  type ModelSpec,
  type ModelTask,
} from '../../../planner/index.js';
export { JsonText } from './json-text.js';
export type {
  InputRow,
  LoadedModel,
  LoadRequest,
  LocalBundle,
  ModelOutput,
  ModelRuntime,
  OutputFile,
  RunOptions,
  RuntimeSettings,
} from './model-runtime.js';
