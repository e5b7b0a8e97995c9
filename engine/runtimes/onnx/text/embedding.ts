import { z } from 'zod';
import { ModelJobError } from '../../../../planner/index.js';
import { textOf, type TextInput } from '../../../models/tasks/text.js';
import { floatData } from '../float-data.js';
import type { Tensor, Tensors } from '../library.js';
import type { ModelLoader } from '../model-source.js';
import { normalize as toUnitLength } from '../numbers.js';
import { matrixAmong, rowsOf } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { pool, poolings, type Pooling } from '../pooling.js';
import { poolingOf } from './pooling-config.js';
import { runTokens } from './token-batches.js';

const parameters = {
  /** Default: what the bundle's `1_Pooling/config.json` says, else the mean. */
  pooling: z.enum(poolings).optional(),
  /** Whether vectors have the length 1. */
  normalize: z.boolean().default(true),
};

/**
 * Vectors of texts. The tokenizer and the model are called directly: the library's own pipeline copies the model's
 * output several times, and makes objects of its rows.
 */
export const textEmbedding: ModelLoader = async (source) => {
  const [tokenizer, network, usualPooling] = await Promise.all([
    source.tokenizer(),
    source.network((library) => library.AutoModel),
    poolingOf(source.bundle.filesDirectory),
  ]);
  return {
    async run(inputs, options) {
      const { pooling = usualPooling, normalize: unit } = parametersBy(parameters, options);
      if (inputs.length === 0) return [];
      const texts = inputs.map((input) => textOf(input as TextInput));
      const tokens = tokenizer(texts, { padding: true, truncation: true });
      return runTokens(network, tokens, options.signal, (outputs, { attention_mask: mask }) =>
        vectorsOf(outputs, mask, pooling, unit),
      );
    },
    async dispose() {
      await network.dispose();
    },
  };
};

/** The vectors in a model's outputs: those of its tokens, pooled, or those that it pooled itself. */
function vectorsOf(outputs: Tensors, mask: Tensor | undefined, pooling: Pooling, unit: boolean): Float32Array[] {
  const found = outputs['last_hidden_state'] ?? outputs['token_embeddings'] ?? outputs['logits'];
  const pooled = matrixAmong(outputs, ['sentence_embedding', 'text_embeds', 'pooler_output']);
  const [batch, tokens, size] = found?.dims ?? [];
  if (found && mask && batch !== undefined && tokens !== undefined && size !== undefined) {
    return pool({ data: floatData(found), dims: [batch, tokens, size] }, mask.data as BigInt64Array, pooling, unit);
  }
  if (pooled) return rowsOf(pooled).map((vector) => (unit ? toUnitLength(vector) : vector));
  const names = Object.entries(outputs).map(([name, { dims }]) => `${name} [${dims.join(', ')}]`);
  throw new ModelJobError('Failed', `the model has no vectors of tokens or of texts, but ${names.join(', ')}`, {
    retryable: false,
  });
}
