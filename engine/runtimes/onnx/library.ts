import type * as Transformers from '@huggingface/transformers';

/** A tensor of transformers.js or of ONNX Runtime: row by row in one typed array. */
export interface Tensor {
  type: string;
  dims: readonly number[];
  data: ArrayLike<unknown>;
}

/** Named tensors, in and out of a model. */
export type Tensors = Record<string, Tensor>;

/** What of a `config.json` this runtime reads. */
export interface NetworkConfig {
  model_type?: string;
  problem_type?: string | null;
  id2label?: Readonly<Record<string, string>>;
  label2id?: Readonly<Record<string, number>>;
  max_position_embeddings?: number;
  pad_token_id?: number | null;
  vocab_size?: number;
  /** Of a model of texts and images. */
  text_config?: Pick<NetworkConfig, 'model_type' | 'max_position_embeddings' | 'pad_token_id' | 'vocab_size'>;
  prefix?: string | null;
  task_specific_params?: Readonly<Record<string, { prefix?: string }>> | null;
}

/** A model's sessions. */
export interface Network {
  (inputs: Tensors): Promise<Tensors>;
  config: NetworkConfig;
  /** By the names of its graphs. */
  sessions: Readonly<Record<string, { inputNames: readonly string[] }>>;
  dispose(): Promise<unknown>;
}

/** An image's pixels or a recording's samples to a model's inputs. */
export interface Processor {
  (input: unknown): Promise<Tensors>;
  feature_extractor?: { config: { sampling_rate: number } };
}

/** A pipeline of the library. */
export interface Pipeline {
  (...args: unknown[]): Promise<unknown>;
  processor?: Processor;
  /** Of one that writes: its tokenizer and its network. */
  tokenizer?: { decode(ids: number[], options?: object): string };
  model?: Network & { generation_config?: unknown };
  dispose(): Promise<unknown>;
}

export type Library = typeof Transformers;

let library: Promise<Library> | undefined;

/** The library is large: it is loaded with the first model. It never leaves this machine. */
export async function loadLibrary(): Promise<Library> {
  library ??= import('@huggingface/transformers').then((loaded) => {
    const { env, LogLevel } = loaded;
    // It would print the inputs of a model that fails; the error says enough.
    env.logLevel = LogLevel.NONE;
    env.allowRemoteModels = false;
    env.allowLocalModels = true;
    env.useFSCache = false;
    env.useBrowserCache = false;
    env.useWasmCache = false;
    env.fetch = (address) => Promise.reject(new Error(`runtimes fetch nothing, and so not ${String(address)}`));
    return loaded;
  });
  return library;
}
