import { imageOf, type ImageInput } from '../../../models/tasks/image.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import { runEach } from '../each-input.js';
import { floatData } from '../float-data.js';
import type { Tensors } from '../library.js';
import type { ModelLoader } from '../model-source.js';
import { normalize as toUnitLength } from '../numbers.js';
import { matrixAmong, outputNamed } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { meanOfRows } from '../pooling.js';
import { loadImageProcessor } from './processor/load-processor.js';
import { readImage } from './read-image.js';

/** Of a model that gives vectors of patches: the first one, their mean, or the model's own `pooler_output`. */
type PatchPooling = 'cls' | 'mean' | 'pooler';

/** Vectors of images. */
export const imageEmbedding: ModelLoader = async (source) => {
  const { model_type: type = '' } = await source.config();
  const { AutoModelForImageFeatureExtraction, AutoModel } = source.library;
  const [processor, network] = await Promise.all([
    loadImageProcessor(source),
    source.network(() =>
      AutoModelForImageFeatureExtraction.supports(type) ? AutoModelForImageFeatureExtraction : AutoModel,
    ),
  ]);
  return {
    async run(inputs, options) {
      const { pooling, normalize } = parametersBy(taskParameters.image_embedding, options);
      return runEach(inputs, options, async (input) => {
        const outputs = await network(await processor.inputsOf(await readImage(imageOf(input as ImageInput))));
        const vector = vectorOf(outputs, pooling);
        return normalize ? toUnitLength(vector) : vector;
      });
    },
    async dispose() {
      await network.dispose();
    },
  };
};

/** A vector of memory of its own: what the model projected, else what is pooled of its patches. */
function vectorOf(outputs: Tensors, pooling: PatchPooling): Float32Array {
  const projected = matrixAmong(outputs, ['image_embeds', ...(pooling === 'pooler' ? ['pooler_output'] : [])]);
  if (projected) return floatData(projected).slice();
  const vectors = outputs['last_hidden_state'] ?? matrixAmong(outputs, ['pooler_output', 'logits']);
  const found = vectors ?? outputNamed(outputs, 'last_hidden_state');
  const data = floatData(found);
  const [, second = 1, third, fourth] = found.dims;
  if (third === undefined) return data.slice();
  // A network of convolutions gives maps: [batch, channels, height, width].
  if (fourth !== undefined) {
    const area = third * fourth;
    return Float32Array.from({ length: second }, (_, channel) => meanOf(data, channel * area, area));
  }
  return pooling === 'mean' ? meanOfRows(data, second, third) : data.slice(0, third);
}

function meanOf(data: Float32Array, start: number, count: number): number {
  let sum = 0;
  for (let at = start; at < start + count; at++) sum += data[at] ?? 0;
  return sum / count;
}
