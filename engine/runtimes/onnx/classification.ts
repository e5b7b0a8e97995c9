import type { NetworkConfig } from './library.js';
import { sigmoid, softmax } from './numbers.js';

/** A label and its probability. */
export type Scored = { label: string; score: number };

/**
 * The probabilities of one row of logits. Labels that exclude each other share a probability of one; those of a
 * multi-label model, and a single label, have each their own.
 */
export function scoresOf(logits: Float32Array, { problem_type: problem }: NetworkConfig): number[] {
  const own = problem === 'multi_label_classification' || logits.length === 1;
  return own ? Array.from(logits, sigmoid) : softmax(logits);
}

/** The same of a text, as transformers' pipeline has it: a network that was trained to give numbers gives them as they are. */
export function textScoresOf(logits: Float32Array, config: NetworkConfig): number[] {
  return config.problem_type === 'regression' ? Array.from(logits) : scoresOf(logits, config);
}

/**
 * The likeliest labels, best first.
 *
 * @param scores probabilities by the number of the label
 * @param count of labels; undefined for all
 */
export function bestLabels(scores: readonly number[], config: NetworkConfig, count: number | undefined): Scored[] {
  return scores
    .map((score, id) => ({ label: labelOf(config, id), score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count);
}

/** The name of a label. */
export function labelOf({ id2label }: NetworkConfig, id: number): string {
  return id2label?.[String(id)] ?? `LABEL_${id}`;
}
