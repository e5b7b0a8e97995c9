import type { JsonValue, ModelTask } from '../../planner/index.js';

/** A bundle on this disk, as a runtime sees it. */
export interface LocalBundle {
  root: string;
  /** Where the model's files are, under their remote paths. */
  filesDirectory: string;
  /** SHA-256 of the manifest, which tells one state of a bundle from another. */
  digest: string;
}

export interface RunOptions {
  /** The request's `options.parameters`, for the model's pipeline. */
  parameters: Readonly<Record<string, unknown>>;
  signal: AbortSignal;
}

/** A model that is loaded and ready. */
export interface LoadedModel {
  /**
   * Runs a batch.
   *
   * @returns one output for each input, plain JSON, in the inputs' order
   * @throws ModelJobError `InvalidArgument` that names a bad input as `inputs[i]` of the batch
   */
  run(inputs: readonly unknown[], options: RunOptions): Promise<JsonValue[]>;
  /** Releases what the model holds. */
  dispose(): Promise<void>;
}

/** What runs models for one backend. A runtime reads the bundle alone, never the network. */
export interface ModelRuntime {
  /** @throws ModelJobError `MissingDependency` for a task that it does not serve */
  load(bundle: LocalBundle, task: ModelTask, signal: AbortSignal): Promise<LoadedModel>;
}
