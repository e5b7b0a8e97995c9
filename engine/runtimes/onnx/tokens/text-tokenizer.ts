import { applyClassSettings, sideOf } from './class-settings.js';
import { placedTokens, type PlacedToken } from './placed-tokens.js';
import type { PreTrainedTokenizer } from './pre-trained.js';
import { rowTemplate, type RowTemplate } from './row-template.js';
import { tokenizerParts } from './tokenizer-parts.js';

/** Texts to tokens and back. */
export interface TextTokenizer {
  /** Tokens that one row of the model may have, special ones included; `Infinity` where nothing says it. */
  maxLength: number;
  /** The layout of a row with one text, and with two. */
  single: RowTemplate;
  pair: RowTemplate;
  /** Where a text is cut, and where rows are padded. */
  truncationSide: 'left' | 'right';
  padding: { id: number; side: 'left' | 'right' };
  /** Whether the model is told which of two texts a token belongs to. */
  tellsTypes: boolean;
  /** The ids of a text's tokens, without special ones. */
  tokensOf(text: string): number[];
  /** The same with their places in the text. */
  placedTokensOf(text: string): PlacedToken[];
  /** The text that tokens stand for, without special ones. */
  textOf(ids: readonly number[]): string;
  /** The text that tokens stand for as they are written. */
  joined(tokens: readonly string[]): string;
  /** The id of what the vocabulary does not have. */
  unknownId: number | undefined;
  /** What stands before a token that goes on with a word (`##`); `''` for tokenizers that don't say so. */
  continuing: string;
}

/** As transformers' pipelines write texts. */
const writing = { skip_special_tokens: true, clean_up_tokenization_spaces: false };

/** @param maxLength tokens of one row, special ones included */
export function textTokenizer(tokenizer: PreTrainedTokenizer, maxLength: number): TextTokenizer {
  applyClassSettings(tokenizer);
  const parts = tokenizerParts(tokenizer._tokenizer);
  const { truncation, padding } = tokenizer._tokenizer.tokenizer;
  return {
    maxLength,
    single: rowTemplate(parts, 1),
    pair: rowTemplate(parts, 2),
    truncationSide: sideOf(tokenizer.config.truncation_side, truncation?.direction),
    padding: { id: tokenizer.pad_token_id ?? 0, side: sideOf(tokenizer.config['padding_side'], padding?.direction) },
    tellsTypes: tellsTypes(tokenizer),
    tokensOf: (text) => tokenizer.encode(text, { add_special_tokens: false }),
    placedTokensOf: (text) => placedTokens(parts, text),
    textOf: (ids) => (ids.length === 0 ? '' : tokenizer.decode([...ids], writing)),
    joined: (tokens) => parts.decoder?.([...tokens]) ?? tokens.join(' '),
    unknownId: parts.model.unk_token_id,
    continuing: parts.model.config.continuing_subword_prefix ?? '',
  };
}

/** What `model_input_names` says; Python's generic classes have token types where the library's have none. */
function tellsTypes({ config, return_token_type_ids: usual }: PreTrainedTokenizer): boolean {
  const { model_input_names: names, tokenizer_class: name } = config;
  if (names) return names.includes('token_type_ids');
  return usual || ['PreTrainedTokenizerFast', 'TokenizersBackend', undefined].includes(name);
}
