import { z } from 'zod';
import { parseWith } from '../../../../planner/index.js';
import { readConfig } from '../read-config.js';
import { classMask, classTokens } from './class-tokens.js';
import type { PreTrainedTokenizer } from './pre-trained.js';

const tokenSchema = z
  .looseObject({
    content: z.string(),
    lstrip: z.boolean().default(false),
    rstrip: z.boolean().default(false),
    single_word: z.boolean().default(false),
    special: z.boolean().default(false),
    normalized: z.boolean().optional(),
  })
  .transform(({ content, lstrip, rstrip, single_word, special, normalized = !special }) => {
    return { content, lstrip, rstrip, single_word, special, normalized };
  });

/** A token beside the model's own, and how it is found in texts. */
export type DeclaredToken = z.output<typeof tokenSchema>;

const namedSchema = z.union([z.string(), tokenSchema]);

/** A token that a file names: by its text alone, or whole. */
type NamedToken = z.output<typeof namedSchema>;

/** The parts that a token may play, in the order in which they are numbered. */
const roles = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'] as const;

const rolesSchema = z.object({
  bos_token: namedSchema.nullish(),
  eos_token: namedSchema.nullish(),
  unk_token: namedSchema.nullish(),
  sep_token: namedSchema.nullish(),
  pad_token: namedSchema.nullish(),
  cls_token: namedSchema.nullish(),
  mask_token: namedSchema.nullish(),
  additional_special_tokens: z.array(namedSchema).nullish(),
  extra_special_tokens: z.record(z.string(), namedSchema).nullish().catch(undefined),
});

type Roles = z.output<typeof rolesSchema>;

const configSchema = rolesSchema.extend({ added_tokens_decoder: z.record(z.string(), tokenSchema).optional() });

/** The tokens that the files beside `tokenizer.json` declare. */
export interface DeclaredTokens {
  /** In the order of the numbers that they were declared with. */
  added: DeclaredToken[];
  /** Those with a part to play, such as the one for padding; by their text alone, or whole. */
  special: NamedToken[];
  /** The special ones that no file names: they come with the tokenizer's class. */
  usual: ReadonlySet<string>;
}

/**
 * Reads what a tokenizer's files declare: `added_tokens_decoder`, or where it is missing `special_tokens_map.json` and
 * `added_tokens.json`, as transformers 4.57 does.
 *
 * @param config its `tokenizer_config.json`
 * @param known the added tokens of `tokenizer.json`
 * @throws ModelJobError `InvalidArgument`, `Failed` for a file that is not as it should be
 */
export async function declaredTokens(
  folder: string,
  config: PreTrainedTokenizer['config'],
  known: Iterable<string>,
): Promise<DeclaredTokens> {
  const { added_tokens_decoder: decoder, ...named } = parseWith(configSchema, config, 'tokenizer_config.json');
  const map = (!decoder && (await readConfig(folder, 'special_tokens_map.json', rolesSchema))) || {};
  const additional = [...(named.additional_special_tokens ?? []), ...(map.additional_special_tokens ?? [])];
  const told = { ...named, ...map, additional_special_tokens: additional };
  const usual = classTokens(config.tokenizer_class);
  const found = new Set(decoder ? inOrder(decoder).map(contentOf) : known);
  const special = specialTokens(asFound({ ...usual, ...told }, found, config.tokenizer_class));
  const byFiles = new Set(specialTokens(told).map(contentOf));
  const added = decoder ? inOrder(decoder) : await legacyTokens(folder, new Set(special.map(contentOf)));
  return { added, special, usual: new Set(Object.values(usual).filter((content) => !byFiles.has(content))) };
}

/** A token that is declared already is found as it says there; else a class may have a rule for its mask. */
function asFound(named: Roles, found: ReadonlySet<string>, tokenizerClass: unknown): Roles {
  const plain = roles.flatMap((role) => {
    const token = named[role];
    return token != null && found.has(contentOf(token)) ? [[role, contentOf(token)] as const] : [];
  });
  const { mask_token: mask } = named;
  const isRuled = typeof mask === 'string' && !found.has(mask);
  return {
    ...named,
    ...Object.fromEntries(plain),
    ...(isRuled && { mask_token: classMask(tokenizerClass, mask) }),
  };
}

async function legacyTokens(folder: string, special: ReadonlySet<string>): Promise<DeclaredToken[]> {
  const ids = (await readConfig(folder, 'added_tokens.json', z.record(z.string(), z.int()))) ?? {};
  const tokens = Object.entries(ids).map(([content, id]) => {
    return [id, tokenSchema.parse({ content, special: special.has(content) })] as const;
  });
  return inOrder(Object.fromEntries(tokens));
}

/** The text of a token. */
export function contentOf(token: NamedToken): string {
  return typeof token === 'string' ? token : token.content;
}

function inOrder(decoder: Record<string, DeclaredToken>): DeclaredToken[] {
  return Object.entries(decoder)
    .sort(([one], [other]) => Number(one) - Number(other))
    .map(([, token]) => token);
}

function specialTokens({
  additional_special_tokens: more,
  extra_special_tokens: extra,
  ...named
}: Roles): NamedToken[] {
  const tokens = [...roles.map((role) => named[role]), ...(more ?? []), ...Object.values(extra ?? {})];
  const seen = new Set<string>();
  return tokens.filter((token): token is NamedToken => {
    const isNew = token != null && !seen.has(contentOf(token));
    if (isNew) seen.add(contentOf(token));
    return isNew;
  });
}
