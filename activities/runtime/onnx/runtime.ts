import type * as Transformers from '@huggingface/transformers';
import { ModelJobError, type JsonValue } from '../../../planner/index.js';
import type { LoadedModel, ModelRuntime, RunOptions } from '../model-runtime.js';
import { precisionOf } from './onnx-file.js';
import { pipelineFor, type PipelineTask } from './pipelines.js';
import { pipelineArguments } from './pipeline-input.js';
import { plainOutput } from './plain-output.js';

type Pipeline = ((...args: unknown[]) => Promise<unknown>) & { dispose(): Promise<unknown> };

/** Models in the layout of a Hugging Face ONNX repository, by transformers.js on onnxruntime-node. */
export const runtime: ModelRuntime = {
  async load({ bundle, spec, signal }) {
    if (!bundle) throw new ModelJobError('InvalidArgument', 'spec.files: the onnx runtime needs a model with files');
    const served = pipelineFor(spec.task);
    const dtype = await precisionOf(bundle.filesDirectory);
    const { pipeline } = await loadLibrary();
    signal.throwIfAborted();
    try {
      const options = { dtype, local_files_only: true, device: 'cpu' } as const;
      const loaded = (await pipeline(served.pipeline, bundle.filesDirectory, options)) as unknown;
      return loadedModel(loaded as Pipeline, served);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ModelJobError('Failed', `the model at \`${bundle.root}\` can't be loaded: ${reason}`, {
        cause: error,
        retryable: false,
      });
    }
  },
};

let library: Promise<typeof Transformers> | undefined;

/** The library is large: it is loaded with the first model. It never leaves this machine. */
async function loadLibrary(): Promise<typeof Transformers> {
  library ??= import('@huggingface/transformers').then((loaded) => {
    loaded.env.allowRemoteModels = false;
    loaded.env.allowLocalModels = true;
    loaded.env.useFSCache = false;
    loaded.env.useBrowserCache = false;
    return loaded;
  });
  return library;
}

function loadedModel(pipeline: Pipeline, served: PipelineTask): LoadedModel {
  return {
    async run(inputs, options) {
      if (inputs.length === 0) return [];
      const calls = inputs.map(pipelineArguments);
      return served.batches ? runBatch(pipeline, served, calls, options) : runEach(pipeline, served, calls, options);
    },
    async dispose() {
      await pipeline.dispose();
    },
  };
}

/** One call for all inputs. */
async function runBatch(
  pipeline: Pipeline,
  served: PipelineTask,
  calls: unknown[][],
  options: RunOptions,
): Promise<JsonValue[]> {
  const outputs = plainOutput(
    await pipeline(
      calls.map(([subject]) => subject),
      { ...served.defaults, ...options.parameters },
    ),
  );
  if (Array.isArray(outputs) && outputs.length === calls.length) return outputs;
  throw new ModelJobError('Failed', `the pipeline gave no list of ${calls.length} outputs`, { retryable: false });
}

async function runEach(
  pipeline: Pipeline,
  served: PipelineTask,
  calls: unknown[][],
  options: RunOptions,
): Promise<JsonValue[]> {
  const outputs: JsonValue[] = [];
  for (const call of calls) {
    options.signal.throwIfAborted();
    outputs.push(plainOutput(await pipeline(...call, { ...served.defaults, ...options.parameters })));
  }
  return outputs;
}
