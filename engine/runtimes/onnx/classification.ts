import { z } from 'zod';
import type { NetworkConfig } from './library.js';
import { sigmoid, softmax } from './numbers.js';

/** A label and its probability. */
export type Scored = { label: string; score: number };

/** The parameters of a task that gives several labels. */
export const labelCount = {
  /** How many labels; `null`: all. */
  top_k: z.int().min(1).nullable().default(5),
};

/**
 * The likeliest labels of one row of logits, best first. Labels that exclude each other share a probability of one;
 * those of a multi-label model, and a single label, have each their own.
 *
 * @param count of labels; undefined for all
 */
export function bestLabels(logits: Float32Array, config: NetworkConfig, count: number | undefined): Scored[] {
  const own = config.problem_type === 'multi_label_classification' || logits.length === 1;
  const scores = own ? Array.from(logits, sigmoid) : softmax(logits);
  return scores
    .map((score, id) => ({ label: labelOf(config, id), score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count);
}

function labelOf({ id2label }: NetworkConfig, id: number): string {
  return id2label?.[String(id)] ?? `LABEL_${id}`;
}
