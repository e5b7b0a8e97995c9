import { z } from 'zod';
import { generation } from './generation.js';

/** What becomes of a text that is too long, where its parts can't be joined again. */
const cutting = {
  truncation: z
    .enum(['cut', 'refuse'])
    .default('cut')
    .describe('what becomes of an input that is longer than the model takes: it is cut, or an error'),
};

/** The same where they can. */
export const windows = {
  truncation: z
    .enum(['cut', 'refuse', 'windows'])
    .optional()
    .describe('what becomes of an input that is longer than the model takes: it is cut, an error, or run as windows'),
  stride: z.int().min(0).optional().describe('tokens that two windows share; alone it asks for windows'),
};

const topOne = z.int().min(1).nullable().default(1).describe('how many labels; one comes as itself; `null`: all');

/** How the vectors of a text's tokens become the text's own, each by Sentence Transformers' rule. */
export const poolings = ['mean', 'cls', 'last_token', 'max', 'weighted_mean', 'mean_sqrt_len'] as const;

export type Pooling = (typeof poolings)[number];

/** The parameters of each task of texts. */
export const textParameters = {
  text_classification: { top_k: topOne, ...windows },
  token_classification: {
    aggregation_strategy: z
      .enum(['none', 'simple', 'first', 'average', 'max'])
      .default('none')
      .describe('how tokens become entities'),
    ignore_labels: z.array(z.string()).default(['O']).describe('labels that are left out'),
    ...windows,
  },
  zero_shot_classification: {
    multi_label: z.boolean().default(false).describe('whether each label has a probability of its own'),
    hypothesis_template: z
      .string()
      .refine((template) => template.split('{}').length === 2, { error: 'expected a text with one {}' })
      .default('This example is {}.')
      .describe('the sentence that a label makes; {} stands for the label'),
    ...windows,
  },
  text_embedding: {
    pooling: z.enum(poolings).optional().describe('default: what the bundle says, else `"mean"`'),
    normalize: z.boolean().default(true).describe('whether vectors have the length 1'),
    prompt: z.string().optional().describe('a text that is put before each text'),
    prompt_name: z.string().optional().describe('one of the bundle’s own prompts, by its name'),
    ...windows,
  },
  question_answering: {
    top_k: z.int().min(1).default(1).describe('how many answers; one comes as itself'),
    max_answer_len: z.int().min(1).default(15).describe('tokens of an answer'),
    max_seq_len: z
      .int()
      .min(1)
      .optional()
      .describe('tokens of a window; default: 384, but no more than the model takes'),
    doc_stride: z.int().min(0).optional().describe('tokens that two windows share; default: 128, or half a window'),
    align_to_words: z.boolean().default(true).describe('whether answers begin and end with words'),
    handle_impossible_answer: z.boolean().default(false).describe('whether no answer is one: the empty text'),
    truncation: z
      .enum(['cut', 'refuse', 'windows'])
      .default('windows')
      .describe('what becomes of a context that is longer than a window: it is cut, an error, or run as windows'),
  },
  reranking: {
    raw_scores: z.boolean().default(false).describe('the model’s own numbers instead of probabilities'),
    ...cutting,
  },
  summarization: { ...generation, ...cutting },
} satisfies Record<string, z.ZodRawShape>;

/** The cutting that parameters ask for. */
export function cuttingOf({ truncation, stride }: { truncation?: Truncation; stride?: number | undefined }) {
  return { truncation: truncation ?? (stride === undefined ? ('cut' as const) : ('windows' as const)), stride };
}

type Truncation = 'cut' | 'refuse' | 'windows' | undefined;
