import { z } from 'zod';

const whole = z.int().min(0);

/**
 * How a model that writes chooses its tokens, by transformers' names (`GenerationConfig`): those that the library obeys.
 * It has no search with beams, and draws by `top_k` alone.
 */
export const generation = {
  max_new_tokens: z.int().min(1).optional().describe('tokens that are written at most; default: 256'),
  min_new_tokens: whole.optional().describe('tokens that are written at least'),
  max_length: z.int().min(1).optional().describe('`max_new_tokens` with the tokens that begin the text'),
  min_length: whole.optional().describe('`min_new_tokens` with the tokens that begin the text'),
  do_sample: z.boolean().optional().describe('whether tokens are drawn by chance'),
  temperature: z.number().positive().optional().describe('how far chance goes'),
  top_k: whole.optional().describe('how many tokens are drawn from'),
  repetition_penalty: z.number().positive().optional().describe('above 1: words are not repeated'),
  no_repeat_ngram_size: whole.optional().describe('so many tokens in a row stand once'),
} satisfies z.ZodRawShape;
