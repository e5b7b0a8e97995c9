import { join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { ModelJobError, parseWith } from '../../../../planner/index.js';
import type { LoadedModel, LocalBundle } from '../../../models/contract/model-runtime.js';
import { graphParameters } from '../../../models/tasks/parameters/index.js';
import { tensorsInput } from '../../../models/tasks/tensors.js';
import type { PlacedRequest } from '../device/provider.js';
import { runEach } from '../each-input.js';
import { parametersBy } from '../parameters.js';
import { decodeTensors } from './decode-tensor.js';
import { encodeTensors } from './encode-tensor.js';
import { graphsOf } from './graphs-of.js';
import { openSession } from './session.js';

/** A graph of the caller's own, by ONNX Runtime: tensors in as JSON, tensors out. */
export async function loadGraph(request: PlacedRequest, bundle: LocalBundle): Promise<LoadedModel> {
  const graphs = await graphsOf(bundle);
  const sessions = new Map<string, Promise<InferenceSession>>();
  const sessionOf = (graph: string): Promise<InferenceSession> => {
    const loaded = sessions.get(graph) ?? openSession(join(bundle.filesDirectory, graph), request);
    sessions.set(graph, loaded);
    return loaded;
  };
  const [only] = graphs.length === 1 ? graphs : [];
  if (only !== undefined) await sessionOf(only);
  return {
    async run(inputs, options) {
      const session = await sessionOf(chosenGraph(graphs, parametersBy(graphParameters, options).graph));
      return runEach(inputs, options, async (input) => {
        const feeds = encodeTensors(parseWith(tensorsInput, input, 'input'), session.inputMetadata);
        return decodeTensors(await session.run(feeds));
      });
    },
    async dispose() {
      await Promise.all([...sessions.values()].map(async (session) => (await session).release()));
    },
  };
}

function chosenGraph(graphs: readonly string[], wanted: string | undefined): string {
  const found = wanted === undefined && graphs.length === 1 ? graphs[0] : graphs.find((graph) => graph === wanted);
  if (found !== undefined) return found;
  throw new ModelJobError(
    'InvalidArgument',
    `options.parameters.graph: expected one of ${graphs.join(', ')}, received ${wanted === undefined ? 'nothing' : JSON.stringify(wanted)}`,
  );
}
