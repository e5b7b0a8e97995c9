import { parseWith } from '../../../planner/index.js';
import { zeroShotInput } from '../../models/tasks/text.js';
import type { Heuristic } from './heuristic.js';
import { ownParameters } from './parameters.js';
import { contentWordsOf } from './words.js';

/** How far apart likenesses of 0 and 1 are for the softmax. */
const sharpness = 5;

/** Two words are alike from so many characters at their beginning. */
const leastStem = 3;

/** Labels by how much of their words' stems the text holds: `politics` is like `political`, not like `election`. */
export const classifyZeroShot: Heuristic = (parameters) => {
  const { multi_label: each } = ownParameters('zero_shot_classification', parameters);
  return (input) => {
    const { text, labels, candidate_labels: candidates } = parseWith(zeroShotInput, input, 'input');
    const words = byFirstCharacter(contentWordsOf(text));
    const names = labels ?? candidates ?? [];
    const likenesses = names.map((name) => likenessOf(name, words));
    const scores = each || names.length === 1 ? likenesses : softmax(likenesses);
    const ranked = names
      .map((label, index) => ({ label, score: scores[index] ?? 0 }))
      .sort((left, right) => right.score - left.score);
    return { sequence: text, labels: ranked.map(({ label }) => label), scores: ranked.map(({ score }) => score) };
  };
};

function byFirstCharacter(words: readonly string[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const word of words) {
    const [first = ''] = word;
    groups.set(first, (groups.get(first) ?? new Set()).add(word));
  }
  return groups;
}

/** From 0 to 1: how alike each word of a label is to the text's most similar one, on average. */
function likenessOf(label: string, words: ReadonlyMap<string, ReadonlySet<string>>): number {
  const wanted = contentWordsOf(label);
  const sum = wanted.reduce((total, word) => {
    const near = [...(words.get(Array.from(word)[0] ?? '') ?? [])];
    return total + near.reduce((best, other) => Math.max(best, stemShare(word, other)), 0);
  }, 0);
  return wanted.length === 0 ? 0 : sum / wanted.length;
}

function stemShare(left: string, right: string): number {
  if (left === right) return 1;
  let common = 0;
  while (common < left.length && left[common] === right[common]) common += 1;
  return common < leastStem ? 0 : common / Math.max(left.length, right.length);
}

function softmax(likenesses: readonly number[]): number[] {
  const powers = likenesses.map((likeness) => Math.exp(sharpness * likeness));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
