import type {
  ArtifactKind,
  DeviceFacts,
  JobOptions,
  JsonValue,
  ModelJobError,
  ModelSpec,
  OutputMetadata,
} from '../../../planner/index.js';
import type { AllowedCommand } from '../../policy/schema.js';
import type { JsonText } from './json-text.js';

/** A bundle on this disk, as a runtime sees it. */
export interface LocalBundle {
  /** Absolute paths. */
  root: string;
  /** Where the model's files are, under their remote paths. */
  filesDirectory: string;
  /** SHA-256 of the manifest, which tells one state of a bundle from another. */
  digest: string;
}

/** What the worker's operator set for its runtimes; it comes from the worker's environment, never from a request. */
export interface RuntimeSettings {
  /** Folders that models may read and write (`MODEL_JOBS_ROOTS`). */
  roots: readonly string[];
  /** What no root around it opens. */
  closed?: { home?: string | undefined; secretFiles?: readonly string[] | undefined } | undefined;
  /** Commands that models may be (`MODEL_JOBS_POLICY`, `MODEL_JOBS_COMMANDS`). */
  commands: readonly AllowedCommand[];
  /** Command templates by backend (`MODEL_JOBS_WHISPER_CPP` …). */
  programs: Readonly<Record<string, string>>;
  /** The address of a ComfyUI server (`MODEL_JOBS_COMFY_UI_URL`). */
  comfyUiUrl?: string | undefined;
  /** What models compute on, where a runtime has a choice (`MODEL_JOBS_DEVICE`). Default: the CPU. */
  device?: 'auto' | 'cpu' | 'webgpu' | 'cuda' | undefined;
}

/** What a runtime is asked to load. */
export interface LoadRequest {
  spec: ModelSpec;
  /** The name of the backend, as `backendName` gives it. */
  backend: string;
  /** The verified bundle; undefined for a model that has no files. */
  bundle: LocalBundle | undefined;
  /** The part of the request's options that belongs to the model: its command, or where its predictions are. */
  options: Pick<JobOptions, 'command' | 'predictions'>;
  /** Threads that the model may compute with; other processes have the other cores. */
  threads: number;
  settings: RuntimeSettings;
  signal: AbortSignal;
  /** A line for the worker's log. */
  log: (line: string) => void;
}

/** A file that a model made, for the job's artifacts. */
export interface OutputFile {
  /** Absolute path inside {@link RunOptions.folder}. */
  path: string;
  kind: ArtifactKind;
  mediaType: string;
}

/** Which input of its job an input is. */
export interface InputRow {
  /** From 0, over all inputs of the job. */
  index: number;
  /** The caller's name for it. */
  customId?: string | undefined;
  /** The input's JSON text as it came, for a model that {@link LoadedModel.takesText}, unless it was changed since. */
  text?: string | undefined;
}

export interface RunOptions {
  /** The request's `options.parameters`. */
  parameters: Readonly<Record<string, JsonValue>>;
  /** Where files that belong to the outputs go; it exists, and no other run writes to it. */
  folder: string;
  /** Which inputs of the job these are, in the inputs' order; undefined where they are no job's. */
  rows?: readonly InputRow[] | undefined;
  /** Adds a file to the job's artifacts. */
  addFile: (file: OutputFile) => void;
  /** Tells something about an input's output, which stands beside it in the job's results. */
  annotate?: ((input: number, metadata: RowMetadata) => void) | undefined;
  /** Tells how many tokens the model saw of an input, special ones included. */
  countTokens?: ((input: number, tokens: number) => void) | undefined;
  signal: AbortSignal;
}

/** What a runtime tells about an output: `truncated` where the model saw a part of its input only. */
export type RowMetadata = OutputMetadata;

/**
 * What became of one input: plain JSON, JSON as it was written, a vector of numbers, or the error of this input alone
 * (`InvalidArgument`, say, for one that the model can't take).
 */
export type ModelOutput = JsonValue | JsonText | Float32Array | ModelJobError;

/** A model that is loaded and ready. It is asked for one batch at a time. */
export interface LoadedModel extends DeviceFacts {
  /** Whether it hands on the texts of its inputs (`options.rows`): then integers may have any length. Default: false */
  takesText?: boolean;
  /**
   * Runs a batch.
   *
   * @param inputs checked by the task's shape; every path in them is absolute and inside the roots
   * @returns one output for each input, in the inputs' order
   * @throws ModelJobError for what all inputs have in common
   */
  run(inputs: readonly JsonValue[], options: RunOptions): Promise<ModelOutput[]>;
  /** Releases what the model holds. */
  dispose(): Promise<void>;
}

/**
 * What runs models for one backend. A runtime is a module that exports one as `runtime`; it is loaded in a process of
 * its own for each model, so that it may compute, crash or hang without harm to the worker. It reads the bundle alone,
 * never the network.
 */
export interface ModelRuntime {
  /** @throws ModelJobError `MissingDependency` for a task that it does not serve or a setting that it needs */
  load(request: LoadRequest): Promise<LoadedModel>;
}
