import { ModelJobError } from '../../../../planner/index.js';
import { contentOf, declaredTokens, type DeclaredToken, type DeclaredTokens } from './declared-tokens.js';
import type { PreTrainedTokenizer } from './pre-trained.js';
import type { AddedToken } from './tokenizer-parts.js';

/**
 * A tokenizer with the tokens that only the files beside `tokenizer.json` declare, which the library leaves out. They
 * have the numbers that transformers 4.57 gives: one of the vocabulary, else the next one, whatever they are declared
 * with.
 *
 * @param folder of its files
 * @param vocabulary number of tokens that the model knows
 * @throws ModelJobError `Failed` for a token that the model doesn't know
 */
export async function withDeclaredTokens(
  tokenizer: PreTrainedTokenizer,
  folder: string,
  vocabulary: number,
): Promise<PreTrainedTokenizer> {
  const json = tokenizer._tokenizer.tokenizer;
  const tokens = new Map<string, AddedToken>(json.added_tokens.map((token) => [token.content, token]));
  const declared = await declaredTokens(folder, tokenizer.config, tokens.keys());
  const changed = tokensToAdd(declared, tokens);
  if (changed.length === 0) return tokenizer;
  const { vocab } = json.model;
  const size = Array.isArray(vocab) ? vocab.length : Object.keys(vocab).length;
  for (const token of changed) {
    const next = Math.max(size, ...[...tokens.values()].map(({ id }) => id + 1));
    const id = tokenizer._tokenizer.token_to_id(token.content) ?? next;
    if (id >= vocabulary && !declared.usual.has(token.content)) throw unknownToModel(token.content, id, vocabulary);
    tokens.set(token.content, { ...token, id });
  }
  const Class = tokenizer.constructor as new (json: object, config: object) => PreTrainedTokenizer;
  return new Class({ ...json, added_tokens: [...tokens.values()] }, tokenizer.config);
}

/** What is new, and what is found by another rule than in `tokenizer.json`. */
function tokensToAdd({ added, special }: DeclaredTokens, known: ReadonlyMap<string, AddedToken>): DeclaredToken[] {
  const names = new Set(special.map(contentOf));
  const declared = new Set([...known.keys(), ...added.map(contentOf)]);
  const all = [...added, ...special.filter((token) => typeof token !== 'string' || !declared.has(token)).map(whole)];
  return all
    .map((token) => ({ ...token, special: token.special || names.has(token.content) }))
    .filter((token) => token.content !== '' && !isSame(token, known.get(token.content)));
}

function whole(token: string | DeclaredToken): DeclaredToken {
  if (typeof token !== 'string') return token;
  return { content: token, lstrip: false, rstrip: false, single_word: false, special: true, normalized: false };
}

function isSame(token: DeclaredToken, known: AddedToken | undefined): boolean {
  return (
    known !== undefined && Object.entries(token).every(([name, value]) => known[name as keyof DeclaredToken] === value)
  );
}

function unknownToModel(content: string, id: number, vocabulary: number): ModelJobError {
  const message = `the tokenizer's files declare ${JSON.stringify(content)}, token ${id}: the model knows ${vocabulary}`;
  return new ModelJobError('Failed', `${message} (config.json: vocab_size)`, { retryable: false });
}
