import type { PipelineType } from '@huggingface/transformers';
import { ModelJobError } from '../../../planner/index.js';
import type { LoadedModel, LocalBundle } from '../../models/contract/model-runtime.js';
import type { PlacedRequest } from './device/provider.js';
import { graphFilesOf } from './graph-files.js';
import {
  loadLibrary,
  type Library,
  type Network,
  type NetworkConfig,
  type Pipeline,
  type Processor,
} from './library.js';
import { sessionOptions } from './session-options.js';
import { withDeclaredTokens } from './tokens/added-tokens.js';
import { maxLengthOf, vocabularyOf } from './tokens/max-length.js';
import type { PreTrainedTokenizer } from './tokens/pre-trained.js';
import { textTokenizer, type TextTokenizer } from './tokens/text-tokenizer.js';

/** Loads the parts of one bundle's model. */
export interface ModelSource {
  bundle: LocalBundle;
  /** Names of the bundle's graphs without their endings. */
  graphs: readonly string[];
  library: Library;
  pipeline(task: PipelineType): Promise<Pipeline>;
  /** @param maxLength tokens of one row, where another file than the tokenizer's says it */
  tokenizer(maxLength?: number): Promise<TextTokenizer>;
  processor(): Promise<Processor>;
  /** The model's `config.json`. */
  config(): Promise<NetworkConfig>;
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
export async function modelSource(request: PlacedRequest, bundle: LocalBundle): Promise<ModelSource> {
  const folder = bundle.filesDirectory;
  const { subfolder, precisions, fileName } = await graphFilesOf(folder);
  const library = await loadLibrary();
  const local = { local_files_only: true } as const;
  const options = {
    ...local,
    device: 'cpu',
    dtype: precisions,
    subfolder,
    ...(fileName !== undefined && { model_file_name: fileName }),
    session_options: sessionOptions(request),
  } as const;
  const config = async (): Promise<NetworkConfig> =>
    (await library.AutoConfig.from_pretrained(folder, local)) as NetworkConfig;
  return {
    bundle,
    graphs: Object.keys(precisions),
    library,
    pipeline: async (task) => (await library.pipeline(task, folder, options)) as unknown as Pipeline,
    async tokenizer(maxLength) {
      const [tokenizer, own] = await Promise.all([
        library.AutoTokenizer.from_pretrained(folder, local) as unknown as Promise<PreTrainedTokenizer>,
        config(),
      ]);
      const whole = await withDeclaredTokens(tokenizer, folder, vocabularyOf(own));
      return textTokenizer(whole, maxLengthOf(maxLength ?? tokenizer.model_max_length, own));
    },
    processor: async () => (await library.AutoProcessor.from_pretrained(folder, local)) as Processor,
    config,
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
