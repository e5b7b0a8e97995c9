import { contractions, phraseJoins, type Replacement } from './phrases.js';
import { sentimentPhrases, specialTokens, type VocabularyEntry } from './vocabulary.js';

/** Longer texts are cut; the same figure stands in `config.json`. */
export const maxLength = 512;

/**
 * `tokenizer.json`: lower case, contractions split, phrases joined, then words and single punctuation marks.
 *
 * The model is a WordPiece without any continuation piece, so that a word is known whole or not at all; the
 * plain `WordLevel` type is not read by every library.
 */
export function tokenizerJson(vocabulary: VocabularyEntry[]): object {
  const normalizers = [...contractions, phraseJoins(sentimentPhrases())].map(replace);
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({ id, content, ...specialTokenFlags })),
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Lowercase' }, ...normalizers] },
    pre_tokenizer: { type: 'Split', pattern: { Regex: wordOrMark }, behavior: 'Removed', invert: true },
    post_processor: templateProcessing(),
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map(({ token }, id) => [token, id])),
    },
  };
}

const specialTokenFlags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };

const wordOrMark = '[\\p{L}\\p{N}_]+|[^\\s\\p{L}\\p{N}_]';

function replace({ pattern, content }: Replacement): object {
  return { type: 'Replace', pattern: { Regex: pattern }, content };
}

/** `[CLS] … [SEP]`, so that an empty text still has tokens. */
function templateProcessing(): object {
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const frame = ['[CLS]', '[SEP]'] as const;
  return {
    type: 'TemplateProcessing',
    single: [special('[CLS]'), sequence('A', 0), special('[SEP]')],
    pair: [special('[CLS]'), sequence('A', 0), special('[SEP]'), sequence('B', 1), special('[SEP]')],
    special_tokens: Object.fromEntries(
      frame.map((token) => [token, { id: token, ids: [specialTokens.indexOf(token)], tokens: [token] }]),
    ),
  };
}

/** `tokenizer_config.json`. */
export function tokenizerConfig(): object {
  return {
    tokenizer_class: 'DistilBertTokenizer',
    do_lower_case: true,
    model_max_length: maxLength,
    padding_side: 'right',
    truncation_side: 'right',
    clean_up_tokenization_spaces: true,
    ...specialTokensMap(),
  };
}

/** `special_tokens_map.json`. */
export function specialTokensMap(): object {
  return { pad_token: '[PAD]', unk_token: '[UNK]', cls_token: '[CLS]', sep_token: '[SEP]' };
}
