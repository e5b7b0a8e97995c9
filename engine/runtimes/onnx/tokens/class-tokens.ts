const marked = { unk_token: '[UNK]', sep_token: '[SEP]', pad_token: '[PAD]', cls_token: '[CLS]', mask_token: '[MASK]' };

const bracketed = {
  bos_token: '<s>',
  eos_token: '</s>',
  unk_token: '<unk>',
  sep_token: '</s>',
  pad_token: '<pad>',
  cls_token: '<s>',
  mask_token: '<mask>',
};

/** A token and how it is found in texts. */
interface FoundToken {
  content: string;
  lstrip: boolean;
  rstrip: boolean;
  single_word: boolean;
  special: boolean;
  normalized: boolean;
}

/** Special tokens that classes of transformers 4.57 have where no file names others. */
const families: readonly { classes: readonly string[]; tokens: Readonly<Record<string, string>> }[] = [
  {
    classes: [
      'Bert',
      'ConvBert',
      'DistilBert',
      'Electra',
      'LayoutLM',
      'Lxmert',
      'MobileBert',
      'RoFormer',
      'SqueezeBert',
    ],
    tokens: marked,
  },
  { classes: ['Deberta', 'DebertaV2'], tokens: { ...marked, bos_token: '[CLS]', eos_token: '[SEP]' } },
  {
    classes: ['Albert', 'RemBert'],
    tokens: { ...marked, bos_token: '[CLS]', eos_token: '[SEP]', unk_token: '<unk>', pad_token: '<pad>' },
  },
  {
    classes: [
      'Roberta',
      'Longformer',
      'Blenderbot',
      'Bart',
      'LED',
      'Mvp',
      'XLMRoberta',
      'Barthez',
      'LayoutLMv3',
      'MBart',
    ],
    tokens: bracketed,
  },
  { classes: ['MPNet'], tokens: { ...bracketed, unk_token: '[UNK]' } },
  { classes: ['T5', 'MT5'], tokens: { eos_token: '</s>', unk_token: '<unk>', pad_token: '<pad>' } },
  {
    classes: ['CLIP', 'Qwen2'],
    tokens: { eos_token: '<|endoftext|>', unk_token: '<|endoftext|>', pad_token: '<|endoftext|>' },
  },
  {
    classes: ['GPT2', 'GPTNeoX', 'Whisper'],
    tokens: { bos_token: '<|endoftext|>', eos_token: '<|endoftext|>', unk_token: '<|endoftext|>' },
  },
];

/** Classes whose mask takes the blank before it, each with whether it is looked for in normalized text. */
const masks: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['Roberta', 'Longformer', 'Blenderbot', 'Albert'].map((name) => [name, false])),
  ...Object.fromEntries(
    ['Bart', 'LED', 'Mvp', 'XLMRoberta', 'Barthez', 'MBart', 'RemBert', 'MPNet'].map((name) => [name, true]),
  ),
};

/** The special tokens of a class that no file names, by their roles. */
export function classTokens(tokenizerClass: unknown): Readonly<Record<string, string>> {
  const name = nameOf(tokenizerClass);
  return families.find(({ classes }) => classes.includes(name))?.tokens ?? {};
}

/** A class's mask that a file names by its text alone. */
export function classMask(tokenizerClass: unknown, content: string): string | FoundToken {
  const normalized = masks[nameOf(tokenizerClass)];
  if (normalized === undefined) return content;
  return { content, lstrip: true, rstrip: false, single_word: false, special: true, normalized };
}

function nameOf(tokenizerClass: unknown): string {
  return typeof tokenizerClass === 'string' ? tokenizerClass.replace(/Tokenizer(Fast)?$/, '') : '';
}
