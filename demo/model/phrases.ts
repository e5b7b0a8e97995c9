/** A regular expression that both JavaScript and the Rust tokenizers read, and what replaces its matches. */
export interface Replacement {
  pattern: string;
  content: string;
}

/** In this order: the irregular contractions first, so that the last rule meets only regular ones. */
export const contractions: readonly Replacement[] = [
  { pattern: "\\bcan['’]t\\b|\\bcannot\\b", content: 'can not' },
  { pattern: "\\bwon['’]t\\b", content: 'will not' },
  { pattern: "n['’]t\\b", content: ' not' },
];

/** Writes out "not", so that one token negates: "can't stand" becomes "can not stand". */
export function splitContractions(words: string): string {
  return contractions.reduce(
    (text, { pattern, content }) => text.replaceAll(new RegExp(pattern, 'gu'), content),
    words,
  );
}

/** A phrase as one word: "fed up" becomes "fed_up", "cover-up" becomes "cover_up". */
export function joinPhrase(phrase: string): string {
  return phrase.replaceAll(/[ -]/g, '_');
}

/** One replacement that joins every phrase, by putting `_` for each of its spaces and hyphens. */
export function phraseJoins(phrases: readonly string[]): Replacement {
  return { pattern: phrases.flatMap(joinsOf).join('|'), content: '_' };
}

function joinsOf(phrase: string): string[] {
  return [...phrase.matchAll(/[ -]/g)].map(({ index, 0: gap }) => {
    const before = phrase.slice(0, index);
    return `(?<=\\b${before})${gap}(?=${phrase.slice(index + 1)}\\b)`;
  });
}
