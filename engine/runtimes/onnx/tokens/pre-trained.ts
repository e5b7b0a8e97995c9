import type { LibraryTokenizer } from './tokenizer-parts.js';

/** A tokenizer of transformers.js. */
export interface PreTrainedTokenizer {
  /** The tokenizer below it. */
  _tokenizer: LibraryTokenizer;
  /** Its `tokenizer_config.json`. */
  config: { tokenizer_class?: string; model_input_names?: string[]; truncation_side?: string; [name: string]: unknown };
  model_max_length: number;
  padding_side: string;
  pad_token_id?: number | undefined;
  return_token_type_ids: boolean;
  encode(text: string, options: { add_special_tokens: boolean }): number[];
  decode(ids: number[], options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean }): string;
}
