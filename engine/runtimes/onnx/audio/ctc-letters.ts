import { z } from 'zod';
import { ModelJobError } from '../../../../planner/index.js';
import { readConfig } from '../read-config.js';

/** What the classes of a CTC network stand for, by the names of transformers' Wav2Vec2CTCTokenizer. */
export interface CtcLetters {
  /** By the numbers of the classes. */
  tokens: ReadonlyMap<number, string>;
  /** The class between letters. */
  pad: string;
  /** What stands for the space between words. */
  delimiter: string | null;
  lowerCase: boolean;
  /** Whether spaces before marks are taken away. */
  cleansUp: boolean;
}

const numbers = z.record(z.string(), z.int());

const tokenizerFile = z.looseObject({
  model: z.looseObject({ vocab: numbers }),
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })).default([]),
});

/** A token is its text, or an object that has it. */
const token = z.union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)]);

const settings = z.looseObject({
  pad_token: token.default('<pad>'),
  word_delimiter_token: token.nullable().default('|'),
  do_lower_case: z.boolean().default(false),
  clean_up_tokenization_spaces: z.boolean().default(false),
});

/**
 * Reads `tokenizer.json`, or the `vocab.json` that Python's tokenizer has, and `tokenizer_config.json`.
 *
 * @throws ModelJobError `Failed` for a bundle with neither, or whose `pad_token` is not in its vocabulary
 */
export async function ctcLettersOf(folder: string): Promise<CtcLetters> {
  const whole = await readConfig(folder, 'tokenizer.json', tokenizerFile);
  const vocab = whole?.model.vocab ?? (await readConfig(folder, 'vocab.json', numbers));
  if (!vocab) throw failed('the bundle has neither tokenizer.json nor vocab.json');
  const tokens = new Map(Object.entries(vocab).map(([text, id]) => [id, text]));
  for (const { id, content } of whole?.added_tokens ?? []) tokens.set(id, content);
  const told = (await readConfig(folder, 'tokenizer_config.json', settings)) ?? settings.parse({});
  if (![...tokens.values()].includes(told.pad_token)) {
    throw failed(`tokenizer_config.json: pad_token ${JSON.stringify(told.pad_token)} is not in the vocabulary`);
  }
  return {
    tokens,
    pad: told.pad_token,
    delimiter: told.word_delimiter_token,
    lowerCase: told.do_lower_case,
    cleansUp: told.clean_up_tokenization_spaces,
  };
}

/** Where English has no space: `clean_up_tokenization` of transformers. */
const cleaned: readonly (readonly [spaced: string, joined: string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

/**
 * The text of the likeliest class at each step: what repeats is one, and only then the class between letters goes, so
 * that it parts letters that are doubled. https://distill.pub/2017/ctc/
 *
 * @throws ModelJobError `Failed` for a class that stands for nothing: the vocabulary is another network's
 */
export function readCtc(classes: readonly number[], letters: CtcLetters): string {
  const found = classes.filter((id, at) => id !== classes[at - 1]).map((id) => tokenOf(id, letters));
  const text = found
    .filter((one) => one !== letters.pad)
    .map((one) => (one === letters.delimiter ? ' ' : one))
    .join('')
    .trim();
  const cased = letters.lowerCase ? text.toLowerCase() : text;
  return letters.cleansUp ? cleaned.reduce((whole, [from, to]) => whole.replaceAll(from, to), cased) : cased;
}

function tokenOf(id: number, { tokens }: CtcLetters): string {
  const found = tokens.get(id);
  if (found !== undefined) return found;
  throw failed(`the network's class ${id} is not in the vocabulary`);
}

function failed(message: string): ModelJobError {
  return new ModelJobError('Failed', message, { retryable: false });
}
