import { ModelJobError } from '../../../../planner/index.js';
import type { Normalizer } from './normalized-text.js';

/** A token beside a tokenizer's model, such as `[SEP]`. */
export interface AddedToken {
  id: number;
  content: string;
  lstrip: boolean;
  rstrip: boolean;
  /** Whether it stands for itself between words alone. */
  single_word?: boolean;
  special?: boolean;
  normalized?: boolean;
}

interface Splitter {
  split(text: string): string[];
}

/** The model of a tokenizer: words to tokens. */
interface TokenModel {
  (words: string[]): string[];
  config: { continuing_subword_prefix?: string | null; end_of_word_suffix?: string | null };
  tokens_to_ids: ReadonlyMap<string, number>;
  unk_token?: string;
  unk_token_id?: number;
}

/** What a `tokenizer.json` says of one of its steps. */
interface StepConfig {
  type: string;
  trim_offsets?: boolean;
  pretokenizers?: StepConfig[];
  processors?: StepConfig[];
}

/** Cuts a text into pieces. */
interface PreTokenizer {
  (text: string, options: { section_index: number }): string[];
  /** Whether a blank is put before a text, where it has this rule. */
  add_prefix_space?: unknown;
}

/** The steps of a tokenizer of `@huggingface/tokenizers`, most of which its types call private. */
export interface LibraryTokenizer {
  tokenizer: {
    added_tokens: readonly AddedToken[];
    model: { vocab: readonly unknown[] | Readonly<Record<string, number>> };
    pre_tokenizer: StepConfig | null;
    post_processor: StepConfig | null;
    truncation?: { direction?: string } | null;
    padding?: { direction?: string } | null;
  };
  splitter_unnormalized: Splitter;
  splitter_normalized: Splitter;
  added_tokens_map: ReadonlyMap<string, AddedToken>;
  normalizer: Normalizer | null;
  pre_tokenizer: PreTokenizer | null;
  post_processor: PostProcessor | null;
  model: TokenModel;
  /** Tokens to the text that they stand for. */
  decoder: ((tokens: string[]) => string) | null;
  remove_space?: boolean;
  do_lowercase_and_remove_accent?: boolean;
  token_to_id(token: string): number | undefined;
}

/** Puts the special tokens around one text's tokens, or two texts'. */
export interface PostProcessor {
  post_process(
    tokens: string[],
    pair: string[] | null,
    addSpecialTokens: boolean,
  ): { tokens: string[]; tokens_pair?: string[] | null; token_type_ids?: number[] };
}

/** A tokenizer's steps, and what places of tokens depend on. */
export interface TokenizerParts extends LibraryTokenizer {
  /** Whether words are written in bytes, each as a letter (`Ġ`). */
  writesBytes: boolean;
  /** Whether a token's place leaves out the blanks at its ends. */
  trimsOffsets: boolean;
}

/**
 * The parts of a tokenizer that is loaded.
 *
 * @throws ModelJobError `MissingDependency` for a rule that the library does not follow
 */
export function tokenizerParts(tokenizer: LibraryTokenizer): TokenizerParts {
  const single = [...tokenizer.added_tokens_map.values()].find(({ single_word: alone }) => alone);
  if (single) {
    const message = `added tokens: \`single_word\` of ${JSON.stringify(single.content)} is not served`;
    throw new ModelJobError('MissingDependency', message);
  }
  const { pre_tokenizer: pre, post_processor: post } = tokenizer.tokenizer;
  return {
    ...tokenizer,
    writesBytes: stepsOf(pre).some(({ type }) => type === 'ByteLevel'),
    trimsOffsets: stepsOf(post).some(
      ({ type, trim_offsets: trims = true }) => ['ByteLevel', 'RobertaProcessing'].includes(type) && trims,
    ),
  };
}

function stepsOf(config: StepConfig | null): StepConfig[] {
  const inner = config?.pretokenizers ?? config?.processors;
  return inner ? inner.flatMap(stepsOf) : config ? [config] : [];
}
