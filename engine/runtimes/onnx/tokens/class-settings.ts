import type { PreTrainedTokenizer } from './pre-trained.js';

/** Classes of transformers that set BERT's normalizer by `tokenizer_config.json`, whatever `tokenizer.json` says. */
const withBertNormalizer: ReadonlySet<string> = new Set([
  'BertTokenizer',
  'ConvBertTokenizer',
  'DistilBertTokenizer',
  'DPRContextEncoderTokenizer',
  'DPRQuestionEncoderTokenizer',
  'DPRReaderTokenizer',
  'ElectraTokenizer',
  'FunnelTokenizer',
  'LayoutLMTokenizer',
  'LayoutLMv2Tokenizer',
  'LxmertTokenizer',
  'MobileBertTokenizer',
  'SqueezeBertTokenizer',
]);

/**
 * Sets what Python's classes take from `tokenizer_config.json`, where the library takes it from `tokenizer.json` alone:
 * transformers 4.57.
 */
export function applyClassSettings({ _tokenizer: tokenizer, config }: PreTrainedTokenizer): void {
  const name = (config.tokenizer_class ?? '').replace(/Fast$/, '');
  const normalizer = tokenizer.normalizer?.config;
  const { do_lower_case: lowers = true, strip_accents: strips = null, tokenize_chinese_chars: chinese = true } = config;
  if (normalizer?.type === 'BertNormalizer') {
    if (withBertNormalizer.has(name)) {
      Object.assign(normalizer, { lowercase: lowers, strip_accents: strips, handle_chinese_chars: chinese });
    }
    if (name === 'MPNetTokenizer') Object.assign(normalizer, { lowercase: lowers, strip_accents: strips });
  }
  const { pre_tokenizer: pre } = tokenizer;
  if (pre && 'add_prefix_space' in pre) pre.add_prefix_space = config['add_prefix_space'] ?? false;
}

/** A side that a configuration names; else the one in `tokenizer.json`, else the right one. */
export function sideOf(...sides: unknown[]): 'left' | 'right' {
  const side = sides.find((one) => typeof one === 'string');
  return side?.toLowerCase() === 'left' ? 'left' : 'right';
}
