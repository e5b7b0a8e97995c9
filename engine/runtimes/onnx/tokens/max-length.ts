import type { NetworkConfig } from '../library.js';

/** Families that number positions from behind the number of the padding token, as RoBERTa does. */
const countFromPadding: ReadonlySet<string> = new Set([
  'camembert',
  'data2vec-text',
  'esm',
  'ibert',
  'layoutlmv3',
  'lilt',
  'longformer',
  'luke',
  'markuplm',
  'mpnet',
  'roberta',
  'roberta-prelayernorm',
  'xlm-roberta',
  'xlm-roberta-xl',
  'xmod',
]);

/** Tokens that a model, or its half for texts, has positions for; `Infinity` where it doesn't count them. */
export function positionsOf({ text_config: texts, ...config }: NetworkConfig): number {
  const { max_position_embeddings: positions, model_type: type, pad_token_id: pad } = { ...config, ...texts };
  // XLNet writes -1.
  if (typeof positions !== 'number' || positions < 1) return Infinity;
  return countFromPadding.has(type ?? '') ? positions - (pad ?? 1) - 1 : positions;
}

/** Tokens that a model, or its half for texts, knows; `Infinity` where it doesn't say so. */
export function vocabularyOf({ text_config: texts, ...config }: NetworkConfig): number {
  return texts?.vocab_size ?? config.vocab_size ?? Infinity;
}

/**
 * Tokens that one row may have: what the tokenizer says, but no more than the model has positions for. A tokenizer
 * that says nothing writes a number of thirty digits, or none.
 */
export function maxLengthOf(tokenizerLimit: number | null | undefined, config: NetworkConfig): number {
  return Math.min(tokenizerLimit || Infinity, positionsOf(config));
}
