import type { PlacedToken } from '../tokens/placed-tokens.js';
import type { TextTokenizer } from '../tokens/text-tokenizer.js';

/** How tokens become entities, as transformers names the ways. */
export type Strategy = 'none' | 'simple' | 'first' | 'average' | 'max';

/** A token with the probability of each label. */
export interface ScoredToken extends PlacedToken {
  /** Its place in the row of the model. */
  index: number;
  scores: readonly number[];
  /** Whether it goes on with the word before it. */
  isSubword: boolean;
}

/** A token, or several in a row, of one label. `start` and `end` are UTF-16 units of the text, `end` not included. */
export type Entity = { score: number; word: string; start: number; end: number } & (
  { entity: string; index: number } | { entity_group: string }
);

export interface EntityOptions {
  strategy: Strategy;
  /** Labels that are left out. */
  ignored: readonly string[];
  tokenizer: TextTokenizer;
  labelOf: (id: number) => string;
}

/** A part of a text with its label: a token, or a word. */
interface Labelled {
  label: string;
  score: number;
  tokens: readonly ScoredToken[];
}

/** The entities of one window of a text: `TokenClassificationPipeline.postprocess` of transformers 4.57. */
export function entitiesIn(text: string, tokens: readonly ScoredToken[], options: EntityOptions): Entity[] {
  const { strategy, ignored, labelOf } = options;
  const wanted = (label: string): boolean => !ignored.includes(label);
  const place = (own: readonly ScoredToken[]) => ({ start: own[0]?.start ?? 0, end: own.at(-1)?.end ?? 0 });
  if (strategy === 'none') {
    return tokens.flatMap((token) => {
      const { id, score } = best(token.scores);
      const entity = labelOf(id);
      if (!wanted(entity)) return [];
      return [{ entity, score, index: token.index, word: writtenOf(text, token, options), ...place([token]) }];
    });
  }
  const parts = strategy === 'simple' ? tokens.map((token) => [token]) : wordsOf(tokens);
  return grouped(parts.map((own) => labelled(own, options)))
    .map((group) => {
      const own = group.flatMap((part) => part.tokens);
      const score = group.reduce((sum, part) => sum + part.score, 0) / group.length;
      return { entity_group: tagOf(group[0]?.label ?? '').tag, score, word: wordOf(text, own, options), ...place(own) };
    })
    .filter(({ entity_group: label }) => wanted(label));
}

/** Of entities of several windows that overlap the longer ones, of two of one length the likelier. */
export function withoutOverlaps(entities: readonly Entity[]): Entity[] {
  const kept: Entity[] = [];
  for (const entity of [...entities].sort((left, right) => left.start - right.start)) {
    const last = kept.at(-1);
    if (!last || entity.start >= last.end) kept.push(entity);
    else if (isBetter(entity, last)) kept[kept.length - 1] = entity;
  }
  return kept;
}

function isBetter(entity: Entity, other: Entity): boolean {
  const longer = entity.end - entity.start - (other.end - other.start);
  return longer > 0 || (longer === 0 && entity.score > other.score);
}

function best(scores: readonly number[]): { id: number; score: number } {
  return scores.reduce((most, score, id) => (score > most.score ? { id, score } : most), {
    id: 0,
    score: scores[0] ?? NaN,
  });
}

function wordsOf(tokens: readonly ScoredToken[]): ScoredToken[][] {
  const words: ScoredToken[][] = [];
  for (const token of tokens) {
    const last = words.at(-1);
    if (last && token.isSubword) last.push(token);
    else words.push([token]);
  }
  return words;
}

/** A word's label: that of its first token, of its surest one, or the likeliest on average. */
function labelled(tokens: readonly ScoredToken[], { strategy, labelOf }: EntityOptions): Labelled {
  const { id, score } = best(scoresOf(tokens, strategy));
  return { label: labelOf(id), score, tokens };
}

function scoresOf(tokens: readonly ScoredToken[], strategy: Strategy): readonly number[] {
  const [first, ...others] = tokens.map(({ scores }) => scores);
  if (!first) return [];
  if (strategy === 'average') {
    return first.map((_, id) => tokens.reduce((sum, { scores }) => sum + (scores[id] ?? 0), 0) / tokens.length);
  }
  if (strategy !== 'max') return first;
  return others.reduce((surest, scores) => (best(scores).score > best(surest).score ? scores : surest), first);
}

/** Neighbours of one tag: a `B-` or `S-` begins anew, an `E-` or `S-` ends. */
function grouped(parts: readonly Labelled[]): Labelled[][] {
  const groups: Labelled[][] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    const [before, now] = [tagOf(last?.at(-1)?.label ?? ''), tagOf(part.label)];
    const goesOn = before.tag === now.tag && !'ES'.includes(before.prefix) && !'BS'.includes(now.prefix);
    if (last && goesOn) last.push(part);
    else groups.push([part]);
  }
  return groups;
}

/** The two halves of a label such as `B-PER`; one without a prefix goes on, as `I-` does. */
function tagOf(label: string): { prefix: string; tag: string } {
  const [, prefix = 'I', tag = label] = /^([BIES])-(.*)$/s.exec(label) ?? [];
  return { prefix, tag };
}

/** A token as its tokenizer writes it; what it does not know, as it stands in the text. */
function writtenOf(text: string, { id, token, start, end }: ScoredToken, { tokenizer }: EntityOptions): string {
  return id === tokenizer.unknownId ? text.slice(start, end) : token;
}

function wordOf(text: string, tokens: readonly ScoredToken[], options: EntityOptions): string {
  return options.tokenizer.joined(tokens.map((token) => writtenOf(text, token, options)));
}
