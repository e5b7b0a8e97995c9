/** The special tokens in the order of their ids: 0 pads. */
const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];

/** All words that the test models know; a word's id is its place. */
export const words = [
  ...special,
  ...'red green blue this example is a the what how many cat cats sat on mat dog runs fast ada lives in paris london'.split(
    ' ',
  ),
  ...'seven three good bad sports music of and it . ?'.split(' '),
];

/** The id of a word; 1 for one that is not known. */
export function idOf(word: string): number {
  return Math.max(words.indexOf(word), 1);
}

/** The files of a tokenizer that knows {@link words}: lower case, words and marks, `[CLS] … [SEP]`. */
export function tokenizerFiles(tokenizerClass: string, maxLength = 32): Record<string, object> {
  const named = { pad_token: '[PAD]', unk_token: '[UNK]', cls_token: '[CLS]', sep_token: '[SEP]' };
  return {
    'tokenizer.json': tokenizerJson(),
    'tokenizer_config.json': {
      tokenizer_class: tokenizerClass,
      model_max_length: maxLength,
      padding_side: 'right',
      ...named,
    },
  };
}

function tokenizerJson(): object {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({ id, content, ...flags })),
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: {
      type: 'Split',
      pattern: { Regex: '[\\p{L}\\p{N}_]+|[^\\s\\p{L}\\p{N}_]' },
      behavior: 'Removed',
      invert: true,
    },
    post_processor: template(),
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    },
  };
}

function template(): object {
  const token = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const separator = { SpecialToken: { id: '[SEP]', type_id: 1 } };
  const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  return {
    type: 'TemplateProcessing',
    single: [token('[CLS]'), sequence('A', 0), token('[SEP]')],
    pair: [token('[CLS]'), sequence('A', 0), token('[SEP]'), sequence('B', 1), separator],
    special_tokens: Object.fromEntries(
      ['[CLS]', '[SEP]'].map((name) => [name, { id: name, ids: [special.indexOf(name)], tokens: [name] }]),
    ),
  };
}
