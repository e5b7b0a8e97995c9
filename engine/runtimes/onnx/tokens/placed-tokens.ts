import { normalized, unchanged, type NormalizedText, type Normalizer } from './normalized-text.js';
import { spansIn, type Span, type TokenForm } from './token-spans.js';
import { placePieces } from './placed-pieces.js';
import type { AddedToken, TokenizerParts } from './tokenizer-parts.js';

/** A token, and the part of its text that it stands for. */
export interface PlacedToken {
  id: number;
  token: string;
  /** UTF-16 units of the text as it was given; `end` is not included. */
  start: number;
  end: number;
  /** The number of its word in the text, as the tokenizer tells words apart. */
  word: number;
}

/**
 * The tokens of a text with their places, in the steps of the library's own tokenizer, which forgets them: added
 * tokens, normalizer, words, tokens. Offsets are those of the Rust tokenizers, but for their unit.
 */
export function placedTokens(parts: TokenizerParts, text: string): PlacedToken[] {
  const placed: PlacedToken[] = [];
  let word = 0;
  const addAdded = ({ content, id }: AddedToken, { starts, ends }: NormalizedText): void => {
    placed.push({ id, token: content, start: starts[0] ?? 0, end: ends.at(-1) ?? 0, word: word++ });
  };
  const sections = split(parts, parts.splitter_unnormalized, unchanged(text));
  sections.forEach(({ added, part }, section) => {
    if (added) {
      addAdded(added, part);
      return;
    }
    for (const inner of split(parts, parts.splitter_normalized, normalize(parts, part))) {
      if (inner.added) addAdded(inner.added, inner.part);
      else word = addWords(parts, inner.part, section, word, placed);
    }
  });
  return placed;
}

interface Section {
  added?: AddedToken | undefined;
  part: NormalizedText;
}

/** A text at its added tokens, which take the blanks around them where they say so. */
function split(
  parts: TokenizerParts,
  splitter: TokenizerParts['splitter_normalized'],
  whole: NormalizedText,
): Section[] {
  let from = 0;
  const sections = splitter.split(whole.text).map((section): Section => {
    const part = sliceOf(whole, from, (from += section.length));
    return { added: parts.added_tokens_map.get(section), part };
  });
  sections.forEach(({ added }, at) => {
    const [before, after] = [sections[at - 1], sections[at + 1]];
    if (added?.lstrip && before) before.part = sliceOf(before.part, 0, before.part.text.trimEnd().length);
    if (added?.rstrip && after) {
      const { length } = after.part.text;
      after.part = sliceOf(after.part, length - after.part.text.trimStart().length, length);
    }
  });
  return sections.filter(({ part }) => part.text !== '');
}

function sliceOf({ text, starts, ends }: NormalizedText, from: number, to: number): NormalizedText {
  return { text: text.slice(from, to), starts: starts.slice(from, to), ends: ends.slice(from, to) };
}

function normalize(parts: TokenizerParts, part: NormalizedText): NormalizedText {
  const steps: Normalizer[] = [
    ...(parts.remove_space === true ? [step((text) => text.trim().split(/\s+/).join(' '))] : []),
    ...(parts.do_lowercase_and_remove_accent ? [step((text) => text.toLowerCase().replace(/\p{M}/gu, ''))] : []),
    ...(parts.normalizer ? [parts.normalizer] : []),
  ];
  return steps.reduce(normalized, part);
}

function step(normalizeText: (text: string) => string): Normalizer {
  return { normalize: normalizeText, config: {} };
}

/** Adds the tokens of a part without added tokens; returns the number of the next word. */
function addWords(
  parts: TokenizerParts,
  part: NormalizedText,
  section: number,
  firstWord: number,
  placed: PlacedToken[],
): number {
  let word = firstWord;
  for (const { piece, unitAt } of placePieces(parts, part.text, section)) {
    const tokens = parts.model([piece]);
    const spans = spansIn(piece, tokens, formOf(parts));
    tokens.forEach((token, at) => {
      const span = spans[at] ?? { start: 0, end: 0 };
      // Words of a piece that has several begin with its mark for a blank.
      if (at > 0 && piece.startsWith('▁', span.start)) word += 1;
      placed.push({ id: idOf(parts, token), token, ...originOf(parts, part, unitAt(span)), word });
    });
    word += 1;
  }
  return word;
}

/** What of the given text a span of a normalized part stands for. */
function originOf({ trimsOffsets }: TokenizerParts, { text, starts, ends }: NormalizedText, span: Span): Span {
  let { start } = span;
  let { end } = span;
  while (trimsOffsets && start < end && text[start] === ' ') start += 1;
  while (trimsOffsets && start < end && text[end - 1] === ' ') end -= 1;
  if (start >= end) return { start: starts[start] ?? ends.at(-1) ?? 0, end: starts[start] ?? ends.at(-1) ?? 0 };
  return { start: starts[start] ?? 0, end: ends[end - 1] ?? 0 };
}

function formOf({ model }: TokenizerParts): TokenForm {
  const { continuing_subword_prefix: continuing, end_of_word_suffix: ending } = model.config;
  return { continuing: continuing ?? '', ending: ending ?? '', unknown: model.unk_token };
}

function idOf({ added_tokens_map: added, model }: TokenizerParts, token: string): number {
  return added.get(token)?.id ?? model.tokens_to_ids.get(token) ?? model.unk_token_id ?? 0;
}
