import { parseWith } from '../../../planner/index.js';
import { textInput, textOf } from '../../models/tasks/text.js';
import type { Heuristic, Parameters } from './heuristic.js';
import { ownParameters } from './parameters.js';
import { contentWordsOf, countsOf, sentencesOf, wordsOf } from './words.js';

/** The most sentences where the request names no number. */
const mostSentences = 5;

/** What the first sentence counts over the others: texts often begin with what they are about. */
const firstFactor = 1.25;

/** The sentences that hold the most of a text's frequent words, in the text's order. */
export const summarize: Heuristic = (parameters) => {
  const limits = limitsOf(parameters);
  return (input) => ({ summary_text: summaryOf(textOf(parseWith(textInput, input, 'input')), limits) });
};

interface Limits {
  sentences: number | undefined;
  words: number;
}

/** A token of a model is a word here. */
function limitsOf(parameters: Parameters): Limits {
  const read = ownParameters('summarization', parameters);
  return { sentences: read.sentences, words: read.max_new_tokens ?? read.max_length ?? Infinity };
}

function summaryOf(text: string, limits: Limits): string {
  const sentences = sentencesOf(text);
  const most = limits.sentences ?? Math.min(Math.ceil(sentences.length / 3), mostSentences);
  const chosen: number[] = [];
  let words = 0;
  for (const index of byImportance(text, sentences)) {
    const length = wordsOf(sentences[index] ?? '').length;
    // The best sentence always is in it: half a sentence says nothing.
    if (chosen.length > 0 && words + length > limits.words) continue;
    if (chosen.length === most) break;
    chosen.push(index);
    words += length;
  }
  return chosen
    .sort((left, right) => left - right)
    .map((index) => sentences[index])
    .join(' ');
}

/** The sentences' indices, the most important first. */
function byImportance(text: string, sentences: readonly string[]): number[] {
  const counts = countsOf(contentWordsOf(text));
  const importances = sentences.map((sentence, index) => {
    const words = contentWordsOf(sentence);
    const frequent = words.reduce((sum, word) => sum + (counts.get(word) ?? 0), 0);
    // By the root of its length: neither the longest nor the shortest wins by that alone.
    return (frequent / Math.sqrt(words.length || 1)) * (index === 0 ? firstFactor : 1);
  });
  return [...sentences.keys()].sort((left, right) => (importances[right] ?? 0) - (importances[left] ?? 0));
}
