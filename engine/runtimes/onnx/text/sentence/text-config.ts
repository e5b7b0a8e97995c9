import { z } from 'zod';
import { ModelJobError } from '../../../../../planner/index.js';
import { readConfig } from '../../read-config.js';

/** How Sentence Transformers prepares a text. */
export interface TextConfig {
  /** Tokens of one row, special ones included. */
  maxLength?: number | undefined;
  lowerCase: boolean;
  /** Texts that stand before a text, by their names. */
  prompts: Readonly<Record<string, string>>;
  /** The one that is used where a request names none. */
  usualPrompt?: string | undefined;
}

/** The names that the file had over the years, as Sentence Transformers looks for them. */
const families = ['bert', 'roberta', 'distilbert', 'camembert', 'albert', 'xlm-roberta', 'xlnet'] as const;

const transformerFile = z.looseObject({
  max_seq_length: z.int().positive().nullish(),
  do_lower_case: z.boolean().default(false),
});

const sentenceFile = z.looseObject({
  prompts: z.record(z.string(), z.string()).nullish(),
  default_prompt_name: z.string().nullish(),
});

/** Reads `sentence_bert_config.json` and `config_sentence_transformers.json`, of which a bundle may have none. */
export async function textConfigOf(folder: string): Promise<TextConfig> {
  const files = families.map((family) => `sentence_${family}_config.json`);
  let transformer: z.infer<typeof transformerFile> | undefined;
  for (const file of files) transformer ??= await readConfig(folder, file, transformerFile);
  const sentence = await readConfig(folder, 'config_sentence_transformers.json', sentenceFile);
  return {
    maxLength: transformer?.max_seq_length ?? undefined,
    lowerCase: transformer?.do_lower_case ?? false,
    prompts: sentence?.prompts ?? {},
    usualPrompt: sentence?.default_prompt_name ?? undefined,
  };
}

/** What `str.strip` of Python takes away: nearly what `trim` does. */
const blanks = String.raw`[\x1c-\x1f\x85]|(?!\ufeff)\s`;
const ends = new RegExp(`^(?:${blanks})+|(?<!${blanks})(?:${blanks})+$`, 'g');

/** A text without the blanks at its ends, as Sentence Transformers reads it. */
export function strip(text: string): string {
  return text.replace(ends, '');
}

/**
 * The text that is put before each text.
 *
 * @throws ModelJobError `InvalidArgument` for a name that the bundle does not know
 */
export function promptOf(
  { prompts, usualPrompt }: TextConfig,
  { prompt, prompt_name: asked }: { prompt?: string | undefined; prompt_name?: string | undefined },
): string {
  const name = asked ?? usualPrompt;
  if (prompt !== undefined || name === undefined) return prompt ?? '';
  const found = Object.hasOwn(prompts, name) ? prompts[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(prompts).join(', ') || 'none';
  const message = `expected one of the bundle's prompts (${known}), received ${JSON.stringify(name)}`;
  const path = 'options.parameters.prompt_name';
  throw new ModelJobError('InvalidArgument', `${path}: ${message}`, { problems: [{ path, message }] });
}
