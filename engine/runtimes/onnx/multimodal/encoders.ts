import { ModelJobError } from '../../../../planner/index.js';
import { loadImageProcessor } from '../image/processor/load-processor.js';
import { readImage } from '../image/read-image.js';
import type { Library, Tensors } from '../library.js';
import type { ModelSource, NetworkKind } from '../model-source.js';
import { matrixAmong, outputNamed, rowsOf } from '../outputs.js';
import { meanOfVectors } from '../numbers.js';
import { encodeText, type Cutting, type Truncation } from '../tokens/encoded.js';
import { attempt } from '../tokens/run-encoded.js';
import { inputsOf } from '../tokens/run-rows.js';

/** One half of a model: vectors of texts, or the vector of an image. */
export interface Encoder<Input, Output> {
  encode(input: Input): Promise<Output>;
  dispose(): Promise<unknown>;
}

/** A text's vector, and what of the text was not seen; or why it has none. */
export type TextVector = { vector: Float32Array; truncated: Truncation | undefined } | ModelJobError;

/** Texts, and what becomes of those that are too long. */
export interface Texts {
  texts: readonly string[];
  cutting: Cutting;
}

interface Family {
  text: (library: Library) => NetworkKind;
  image: (library: Library) => NetworkKind;
  /** SigLIP was trained on texts that were all padded to one length. */
  padding: boolean | 'max_length';
}

const families: Readonly<Record<string, Family>> = {
  clip: {
    text: (library) => library.CLIPTextModelWithProjection,
    image: (library) => library.CLIPVisionModelWithProjection,
    padding: true,
  },
  siglip: {
    text: (library) => library.SiglipTextModel,
    image: (library) => library.SiglipVisionModel,
    padding: 'max_length',
  },
};

/**
 * The half for texts, `text_model.onnx`; undefined for a bundle without.
 *
 * @param type `model_type` of the model's configuration
 * @throws ModelJobError `MissingDependency` for a type that is not known
 */
export async function textEncoder(
  source: ModelSource,
  type: string,
): Promise<Encoder<Texts, TextVector[]> | undefined> {
  const { text, padding } = familyOf(type);
  if (!source.graphs.includes('text_model')) return undefined;
  const [tokenizer, network] = await Promise.all([source.tokenizer(), source.network(text)]);
  return {
    async encode({ texts, cutting }) {
      const encoded = texts.map((text) => attempt(() => encodeText(tokenizer, tokenizer.tokensOf(text), cutting)));
      const rows = encoded.flatMap((one) => (one instanceof ModelJobError ? [] : one.rows));
      if (rows.length === 0) return encoded.filter((one) => one instanceof ModelJobError);
      const atLeast = padding === 'max_length' ? tokenizer.maxLength : 1;
      const { inputs } = await inputsOf(rows, tokenizer.padding, tokenizer.tellsTypes, atLeast);
      const vectors = vectorsOf(await network(inputs), 'text_embeds');
      let next = 0;
      return encoded.map((one) => {
        if (one instanceof ModelJobError) return one;
        const own = vectors.slice(next, (next += one.rows.length));
        return { vector: meanOfVectors(own), truncated: one.truncated };
      });
    },
    dispose: () => network.dispose(),
  };
}

/** The half for images, `vision_model.onnx`, likewise; it is given a path. */
export async function imageEncoder(
  source: ModelSource,
  type: string,
): Promise<Encoder<string, Float32Array> | undefined> {
  const { image } = familyOf(type);
  if (!source.graphs.includes('vision_model')) return undefined;
  const [processor, network] = await Promise.all([loadImageProcessor(source), source.network(image)]);
  return {
    async encode(path) {
      const [vector] = vectorsOf(await network(await processor.inputsOf(await readImage(path))), 'image_embeds');
      return vector ?? new Float32Array();
    },
    dispose: () => network.dispose(),
  };
}

function familyOf(type: string): Family {
  const found = Object.hasOwn(families, type) ? families[type] : undefined;
  if (found) return found;
  throw new ModelJobError(
    'MissingDependency',
    `a model of type \`${type}\` is not served for multimodal_embedding, but ${Object.keys(families).join(', ')}`,
  );
}

function vectorsOf(outputs: Tensors, name: string): Float32Array[] {
  return rowsOf(matrixAmong(outputs, [name, 'pooler_output']) ?? outputNamed(outputs, name));
}
