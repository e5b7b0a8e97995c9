import { z } from 'zod';
import { ModelJobError, parseWith } from '../../../planner/index.js';

/** The most texts in one request, as OpenAI has it. */
const mostTexts = 2048;

const text = z.string().min(1, { error: 'expected a text that is not empty' });

/** The body of OpenAI's `POST /v1/embeddings` (`EmbeddingCreateParams`); `model` and `user` decide nothing here. */
const embeddingsBodySchema = z.strictObject({
  input: z.union([text, z.array(text).min(1, { error: 'expected at least one text' }).max(mostTexts)]),
  model: z.string().nullish(),
  dimensions: z.int().min(1).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  user: z.string().nullish(),
});

/** What such a row asks for: vectors of texts, and how they are written. */
export interface EmbeddingsRequest {
  texts: string[];
  /** Whether the texts came as a list: their vectors are then one too. */
  isList: boolean;
  /** How many numbers each vector must have; undefined where the model's own number is as good as any. */
  dimensions: number | undefined;
  encoding: 'float' | 'base64';
}

/**
 * Reads the body of a request for embeddings.
 *
 * @throws ModelJobError `InvalidArgument` that names the field
 */
export function readEmbeddingsRequest(body: unknown): EmbeddingsRequest {
  refuseTokenIds(body);
  const { input, dimensions, encoding_format: encoding } = parseBody(body);
  return {
    texts: typeof input === 'string' ? [input] : input,
    isList: typeof input !== 'string',
    dimensions: dimensions ?? undefined,
    encoding: encoding ?? 'float',
  };
}

function parseBody(body: unknown): z.infer<typeof embeddingsBodySchema> {
  try {
    return parseWith(embeddingsBodySchema, body, 'body');
  } catch (error) {
    if (!(error instanceof ModelJobError)) throw error;
    const problems = error.problems.map(({ path, message }) => ({
      path: path === '' ? 'body' : `body.${path}`,
      message,
    }));
    throw new ModelJobError('InvalidArgument', problems.map(({ path, message }) => `${path}: ${message}`).join('; '), {
      problems,
    });
  }
}

/** Token ids are those of another model's tokenizer: to this one they would mean other words. */
function refuseTokenIds(body: unknown): void {
  const input = typeof body === 'object' && body !== null && 'input' in body ? body.input : undefined;
  if (!Array.isArray(input)) return;
  const [first] = input.flat(1) as unknown[];
  if (typeof first !== 'number') return;
  throw new ModelJobError(
    'InvalidArgument',
    'body.input: token ids are not taken, for each model has its own: give texts',
  );
}
