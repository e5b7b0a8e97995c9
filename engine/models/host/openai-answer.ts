import { ModelJobError } from '../../../planner/index.js';
import type { ModelOutput } from '../contract/model-runtime.js';
import type { EmbeddingsRequest } from '../tasks/openai-embeddings.js';

/** A vector, however the model gave it. */
type Vector = Float32Array | readonly number[];

/** What a row that is no line of OpenAI's asks for. */
const plainRequest: Omit<EmbeddingsRequest, 'texts'> = { isList: false, dimensions: undefined, encoding: 'float' };

/**
 * The JSON text of a row's vectors: that of one text, or a list.
 *
 * @throws ModelJobError for what is no vector, or has other dimensions than the row asks for
 */
export function vectorsText(outputs: readonly ModelOutput[], request: Omit<EmbeddingsRequest, 'texts'>): string {
  const texts = outputs.map((output) => vectorText(output, request));
  return request.isList ? `[${texts.join(',')}]` : (texts[0] ?? 'null');
}

/**
 * The JSON text of OpenAI's `CreateEmbeddingResponse`.
 *
 * @param made the name of the model that made the vectors, and the tokens of each text where they are counted
 * @throws ModelJobError as {@link vectorsText}
 */
export function embeddingsBody(
  outputs: readonly ModelOutput[],
  { model, tokens }: { model: string; tokens: readonly number[] },
  request: Omit<EmbeddingsRequest, 'texts'> = plainRequest,
): string {
  const data = outputs.map(
    (output, index) => `{"object":"embedding","index":${index},"embedding":${vectorText(output, request)}}`,
  );
  return `{"object":"list","data":[${data.join(',')}],"model":${JSON.stringify(model)}${usageOf(outputs, tokens)}}`;
}

/** An embedding has no completion: all tokens are those of the prompt. */
function usageOf(outputs: readonly ModelOutput[], tokens: readonly number[]): string {
  if (tokens.length < outputs.length) return '';
  const total = tokens.reduce((sum, count) => sum + count, 0);
  return `,"usage":{"prompt_tokens":${total},"total_tokens":${total}}`;
}

function vectorText(output: ModelOutput, { dimensions, encoding }: Omit<EmbeddingsRequest, 'texts'>): string {
  if (!isVector(output)) throw new ModelJobError('Failed', 'the output is no vector of numbers', { retryable: false });
  if (dimensions !== undefined && output.length !== dimensions) {
    const problem = `the model's vectors have ${output.length} numbers, not ${dimensions}`;
    throw new ModelJobError('InvalidArgument', `body.dimensions: ${problem}`);
  }
  return JSON.stringify(encoding === 'base64' ? base64Of(output) : Array.from(output));
}

function isVector(output: ModelOutput): output is Float32Array | number[] {
  return (
    output instanceof Float32Array || (Array.isArray(output) && output.every((value) => typeof value === 'number'))
  );
}

/** As OpenAI's clients read it: 32-bit floats, the low byte first. */
function base64Of(vector: Vector): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, at) => bytes.writeFloatLE(value, at * 4));
  return bytes.toString('base64');
}
