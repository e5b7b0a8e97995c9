import { ModelJobError, type JsonValue } from '../../../../planner/index.js';
import type { MultimodalInput } from '../../../models/tasks/multimodal.js';
import { cuttingOf, taskParameters } from '../../../models/tasks/parameters/index.js';
import { runEach } from '../each-input.js';
import type { ModelLoader } from '../model-source.js';
import { normalize as toUnitLength } from '../numbers.js';
import { parametersBy } from '../parameters.js';
import type { Cutting } from '../tokens/encoded.js';
import { imageEncoder, textEncoder, type Encoder, type Texts, type TextVector } from './encoders.js';

/**
 * Vectors of texts and images in one space, by a model with an encoder for each (CLIP, SigLIP). An input of both is in
 * the middle between the directions of the two.
 */
export const multimodalEmbedding: ModelLoader = async (source) => {
  const { model_type: type = '' } = await source.config();
  const [texts, images] = await Promise.all([textEncoder(source, type), imageEncoder(source, type)]);
  return {
    async run(inputs, options) {
      const { normalize, ...more } = parametersBy(taskParameters.multimodal_embedding, options);
      const textVectors = await vectorsOfTexts(inputs, texts, cuttingOf(more));
      inputs.forEach((input, at) => {
        const found = textVectors.get(partsOf(input).text ?? '');
        if (found && 'truncated' in found && found.truncated) options.annotate?.(at, { truncated: found.truncated });
      });
      return runEach(inputs, options, async (input) => {
        const { text, image } = partsOf(input);
        const vector = middle([
          ...(text === undefined ? [] : [had(textVectors.get(text) ?? missing('text_model'))]),
          ...(image === undefined ? [] : [await (images ?? missing('vision_model')).encode(image)]),
        ]);
        return normalize ? toUnitLength(vector) : vector;
      });
    },
    async dispose() {
      await Promise.all([texts?.dispose(), images?.dispose()]);
    },
  };
};

/** All texts of a batch are run together; images go one by one. */
async function vectorsOfTexts(
  inputs: readonly JsonValue[],
  encoder: Encoder<Texts, TextVector[]> | undefined,
  cutting: Cutting,
): Promise<Map<string, TextVector>> {
  const texts = [...new Set(inputs.flatMap((input) => partsOf(input).text ?? []))];
  const vectors = (await encoder?.encode({ texts, cutting })) ?? [];
  return new Map(vectors.map((vector, at) => [texts[at] ?? '', vector]));
}

function partsOf(input: JsonValue): { text?: string | undefined; image?: string | undefined } {
  return typeof input === 'string' ? { text: input } : (input as Exclude<MultimodalInput, string>);
}

function had(found: TextVector): Float32Array {
  if (found instanceof ModelJobError) throw found;
  return found.vector;
}

function missing(graph: string): never {
  throw new ModelJobError('InvalidArgument', `the bundle has no graph \`${graph}.onnx\`, which this input needs`);
}

/** A copy of the only vector, or the mean of the directions of two. */
function middle(vectors: readonly Float32Array[]): Float32Array {
  const [first, second] = vectors.map((vector) => vector.slice());
  if (!first) throw new ModelJobError('InvalidArgument', 'expected `text`, `image` or both');
  if (!second) return first;
  const other = toUnitLength(second);
  return toUnitLength(first).map((value, at) => (value + (other[at] ?? 0)) / 2);
}
