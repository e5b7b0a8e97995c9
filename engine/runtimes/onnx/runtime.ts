import { deviceFacts, ModelJobError } from '../../../planner/index.js';
import type { LoadedModel, LocalBundle, ModelRuntime } from '../../models/contract/model-runtime.js';
import { chooseDevice } from './device/choose-device.js';
import type { PlacedRequest } from './device/provider.js';
import { loadGraph } from './graph/model.js';
import { loading, modelSource } from './model-source.js';
import { graphLoaders, loaderFor } from './served-tasks.js';

/**
 * Models in the layout of a Hugging Face ONNX repository, by transformers.js on onnxruntime-node; for a custom task
 * any ONNX graph.
 */
export const runtime: ModelRuntime = {
  async load(request) {
    const { bundle, settings, log } = request;
    if (!bundle) throw new ModelJobError('InvalidArgument', 'spec.files: the onnx runtime needs a model with files');
    const { provider, warning } = await chooseDevice(settings.device);
    if (warning !== undefined) log(warning);
    const model = await loadOn({ ...request, provider }, bundle);
    return Object.assign(model, deviceFacts({ device: provider, deviceWarning: warning }));
  },
};

function loadOn(request: PlacedRequest, bundle: LocalBundle): Promise<LoadedModel> {
  const { spec, signal } = request;
  if (typeof spec.task !== 'string') return loading(bundle, () => loadGraph(request, bundle));
  const loadGraphs = graphLoaders[spec.task];
  if (loadGraphs) return loading(bundle, () => loadGraphs(request, bundle));
  const load = loaderFor(spec.task);
  return loading(bundle, async () => {
    const source = await modelSource(request, bundle);
    signal.throwIfAborted();
    return load(source);
  });
}
