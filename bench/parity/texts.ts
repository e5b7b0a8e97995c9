import { readFileSync } from 'node:fs';

/** Texts of all sorts that a tokenizer may stumble over. */
const odd: readonly string[] = [
  // One letter, one mark, nothing at all.
  ...[
    'a',
    'Z',
    'é',
    'ß',
    'İ',
    '漢',
    'あ',
    '한',
    'ж',
    'א',
    '5',
    '½',
    '?',
    '.',
    '-',
    '🙂',
    '',
    ' ',
    '   ',
    '\t\n',
    '\u00a0',
    '\u3000',
  ],
  // White space where it is not expected.
  ...[
    '  leading and trailing  ',
    'double  spaces   inside',
    'tabs\tand\nline\r\nbreaks',
    'zero\u200bwidth',
    'soft\u00adhyphen',
    'a\u0007bell',
  ],
  // Scripts: with and without spaces, from right to left, with marks of their own.
  '東京は日本の首都です。人口は約千四百万人です。',
  '今天天气很好，我们去公园散步吧。',
  '대한민국의 수도는 서울이다.',
  'مرحبا بالعالم، كيف حالك اليوم؟',
  'שלום עולם, מה שלומך היום?',
  'नमस्ते दुनिया, आप कैसे हैं?',
  'สวัสดีชาวโลก',
  'Привет, мир! Как дела?',
  'Xin chào thế giới, hôm nay bạn thế nào?',
  'Καλημέρα κόσμε',
  'mixed English, 日本語, русский and العربية in one line',
  // Combining marks, composed and not, and more than letters can carry.
  ...[
    'Café naïve résumé',
    'Cafe\u0301 nai\u0308ve re\u0301sume\u0301',
    'Z\u0351\u036b\u0343a\u0350\u0311l\u033fg\u030ao\u0310',
    'ﬁne ﬂow ①②③ ＦＵＬＬ',
  ],
  // Emoji with skin tones, joiners and flags.
  ...['👩🏽‍🚀 went to 🌙 and back 🚀🚀🚀', '👨‍👩‍👧‍👦 🏳️‍🌈 🇮🇪', 'great 👍🏿!!!'],
  // Not prose.
  ...[
    'https://example.org/a/b?c=d&e=f#g',
    'x = {"key": [1, 2.5e-3, null]};',
    "don't can't won't I'm you've",
    'snake_case camelCase kebab-case 3.14',
    '[CLS] [SEP] [MASK] [PAD] [UNK]',
    '!!!???...---',
  ],
];

/** Longer than the 512 tokens of the model. */
function longTexts(sentences: readonly string[]): string[] {
  return [
    sentences.slice(0, 60).join(' '),
    sentences.slice(60, 200).join('\n'),
    'word '.repeat(1000),
    'unbelievably '.repeat(400).trim(),
    '漢字'.repeat(400),
    '🙂'.repeat(600),
    'x'.repeat(5000),
    Array.from({ length: 600 }, (_, index) => index).join(', '),
  ];
}

/**
 * The texts of the check, some at every edge, the rest plain sentences.
 *
 * @param file one sentence a line, or a data set of the demo's form (`.jsonl`)
 */
export function parityTexts(file: string, count: number): string[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const sentences = file.endsWith('.jsonl')
    ? lines.map((line) => (JSON.parse(line) as { input: string }).input)
    : lines;
  const special = [...odd, ...longTexts(sentences)];
  return [...special, ...sentences.slice(0, count - special.length)];
}
