import type { PipelineType } from '@huggingface/transformers';
import { ModelJobError } from '../../../planner/index.js';
import type { LoadedModel, LoadRequest, LocalBundle } from '../../models/contract/model-runtime.js';
import { withClosingTokens, type TruncatingTokenizer } from './closing-tokens.js';
import { graphFilesOf } from './graph-files.js';
import { loadLibrary, type Library, type Network, type Pipeline, type Processor, type Tokenizer } from './library.js';
import { sessionOptions } from './session-options.js';

/** Loads the parts of one bundle's model. */
export interface ModelSource {
  bundle: LocalBundle;
  /** Names of the bundle's graphs without their endings. */
  graphs: readonly string[];
  library: Library;
  pipeline(task: PipelineType): Promise<Pipeline>;
  tokenizer(): Promise<Tokenizer>;
  processor(): Promise<Processor>;
  /** `model_type` of the model's configuration. */
  modelType(): Promise<string>;
  /** @param kind which of the library's classes knows the model's inputs */
  network(kind: (library: Library) => NetworkKind): Promise<Network>;
}

/** A class of transformers.js that loads models, such as `AutoModel`. */
export interface NetworkKind {
  from_pretrained(folder: string, options: object): Promise<unknown>;
}

/** Makes a task's model from a bundle. */
export type ModelLoader = (source: ModelSource) => Promise<LoadedModel>;

/** The source of a request's bundle, which is read from this disk alone. */
export async function modelSource(request: LoadRequest, bundle: LocalBundle): Promise<ModelSource> {
  const folder = bundle.filesDirectory;
  const { subfolder, precisions } = await graphFilesOf(folder);
  const library = await loadLibrary();
  const local = { local_files_only: true } as const;
  const options = {
    ...local,
    device: 'cpu',
    dtype: precisions,
    subfolder,
    session_options: sessionOptions(request.threads),
  } as const;
  return {
    bundle,
    graphs: Object.keys(precisions),
    library,
    pipeline: async (task) => {
      const loaded = (await library.pipeline(task, folder, options)) as unknown;
      const pipeline = loaded as Pipeline & { tokenizer?: TruncatingTokenizer | null };
      if (pipeline.tokenizer) pipeline.tokenizer = withClosingTokens(pipeline.tokenizer);
      return pipeline;
    },
    tokenizer: async () => withClosingTokens(await library.AutoTokenizer.from_pretrained(folder, local)),
    processor: () => library.AutoProcessor.from_pretrained(folder, local),
    modelType: async () => String((await library.AutoConfig.from_pretrained(folder, local)).model_type),
    network: async (kind) => (await kind(library).from_pretrained(folder, options)) as Network,
  };
}

/**
 * Runs a load, and tells a fault of the bundle in one message.
 *
 * @throws ModelJobError what it threw itself, else `Failed`: another attempt reads the same files
 */
export async function loading<T>(bundle: LocalBundle, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof ModelJobError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelJobError('Failed', `the model at \`${bundle.root}\` can't be loaded: ${reason}`, {
      cause: error,
      retryable: false,
    });
  }
}
