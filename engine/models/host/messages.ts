import type { DeviceFacts, JsonValue, ModelJobErrorCode, ModelJobProblem } from '../../../planner/index.js';
import type { LossCode, RowErrorCode } from '../contract/model-lost.js';
import type { LoadRequest, OutputFile, RowMetadata } from '../contract/model-runtime.js';
import type { RowText } from '../contract/row-text.js';

/** The first message to a process: what to load. */
export interface LoadMessage {
  type: 'load';
  /** URL of the runtime's module. */
  module: string;
  request: Omit<LoadRequest, 'signal' | 'log'>;
}

/** A call to run; the next one comes after its answer. */
export interface RunMessage {
  type: 'run';
  id: number;
  call: ModelCall;
}

/** Rows for one call of a model. */
export interface ModelCall {
  /** JSON text, one value a row: text crosses between processes many times faster than objects. */
  rows: readonly RowText[];
  /** The number of each row in its job, from 0. */
  indices: readonly number[];
  /** Whether rows are those of a data set, that may name themselves (`custom_id`) and hold their input (`input`). */
  named: boolean;
  /** Columns of such rows that are the caller's, not the model's. Default: none. */
  kept?: readonly string[];
  parameters: Readonly<Record<string, JsonValue>>;
  /** Where files of the outputs go. */
  folder: string;
  /** `vectors`: outputs must be vectors of one length, and come as such. `openai`: the bodies of OpenAI's responses. */
  form: 'json' | 'vectors' | 'openai';
  /** What became of the rows already: they are read for their names, and not run. */
  failure?: Pick<RowError, 'code' | 'message' | 'tries'>;
}

/** Ends the call that runs: a process that does not obey is killed. */
export interface CancelMessage {
  type: 'cancel';
  id: number;
}

export interface DisposeMessage {
  type: 'dispose';
}

export type MessageToHost = LoadMessage | RunMessage | CancelMessage | DisposeMessage;

/** Why one row has no output. */
export interface RowError {
  /** Its place in the call. */
  at: number;
  code: RowErrorCode;
  message: string;
  /** How often it was run, where it was given up because the model was lost with it. */
  tries?: number;
  /** Whether the model was lost with this row in it: it was this row or another one of the call. */
  lost?: boolean;
}

/** What became of a call. */
export interface CallOutcome {
  /** The JSON text of each output; null for a row that failed, or whose output is a vector below. */
  outputs: readonly (string | null)[];
  /** Outputs as vectors, where the call asked for them; null for a row that failed. */
  vectors: readonly (Float32Array | null)[] | null;
  errors: readonly RowError[];
  /** What rows call themselves; null where none of the call has a name. */
  customIds: readonly (string | null)[] | null;
  /** What the runtime told about rows; null where it told nothing of any. */
  metadata: readonly (RowMetadata | null)[] | null;
  files: readonly OutputFile[];
  /** How long it took, in milliseconds. */
  runMs: number;
}

/** An error on its way between processes. */
export interface ErrorMessage {
  code: ModelJobErrorCode;
  detail: string;
  message: string;
  problems: ModelJobProblem[];
  details: Record<string, unknown>;
  retryable: boolean;
  /** Where the model was lost. */
  loss: LossCode | undefined;
  stack: string | undefined;
}

export type MessageFromHost =
  | { type: 'loaded'; memoryBytes: number; device: DeviceFacts }
  | { type: 'ran'; id: number; outcome: CallOutcome; memoryBytes: number }
  | { type: 'failed'; id?: number; error: ErrorMessage };
