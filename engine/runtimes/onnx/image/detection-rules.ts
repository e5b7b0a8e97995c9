import { ModelJobError } from '../../../../planner/index.js';
import { comparableData } from '../float-data.js';
import type { Tensor } from '../library.js';
import { sigmoid, softmax } from '../numbers.js';
import type { ProcessorName } from './processor/defaults.js';

/** A thing that a network found. */
export interface Thing {
  /** The number of its label. */
  label: number;
  score: number;
  /** Middle, width and height as shares of the image: https://arxiv.org/abs/2005.12872 */
  box: readonly [x: number, y: number, width: number, height: number];
}

/** What a network's answers `[1, queries, labels]` and boxes `[1, queries, 4]` mean. */
export type DetectionRule = (logits: Tensor, boxes: Tensor) => Thing[];

/** The most things that a network of the family of Deformable DETR tells. */
const deformableThings = 100;

const deformable: DetectionRule = (logits, boxes) => likeliest(logits, boxes, deformableThings);

/** `post_process_object_detection` of transformers 4.57, by processor. */
const rules: Readonly<Partial<Record<ProcessorName, DetectionRule>>> = {
  DetrImageProcessor: onePerQuery,
  YolosImageProcessor: onePerQuery,
  ConditionalDetrImageProcessor: deformable,
  DeformableDetrImageProcessor: deformable,
  RTDetrImageProcessor: (logits, boxes) => likeliest(logits, boxes, logits.dims[1] ?? 0),
};

/** Models that were trained with one processor's pictures and answer by another's rule. */
const byModel: Readonly<Record<string, ProcessorName>> = {
  conditional_detr: 'ConditionalDetrImageProcessor',
  deformable_detr: 'DeformableDetrImageProcessor',
  rf_detr: 'RTDetrImageProcessor',
};

/**
 * How the answers of a model are read.
 *
 * @param type `model_type` of its configuration
 * @throws ModelJobError `MissingDependency` for one whose rule is not known
 */
export function detectionRuleOf(processor: ProcessorName | undefined, type: string): DetectionRule {
  const name = (Object.hasOwn(byModel, type) ? byModel[type] : undefined) ?? processor;
  const rule = name && rules[name];
  if (rule) return rule;
  throw new ModelJobError(
    'MissingDependency',
    `object_detection is served for the image processors ${Object.keys(rules).join(', ')}, ` +
      `and the one of this model (${processor ?? 'unknown'}) is none of them`,
  );
}

/** Each query is a thing, whose labels exclude each other; the last one is no thing. */
function onePerQuery(logits: Tensor, boxes: Tensor): Thing[] {
  const [, queries = 0, labels = 0] = logits.dims;
  const data = comparableData(logits);
  return Array.from({ length: queries }, (_, query) => {
    const scores = softmax(data.subarray(query * labels, (query + 1) * labels)).slice(0, -1);
    const label = scores.reduce((best, score, at) => (score > (scores[best] ?? 0) ? at : best), 0);
    return { label, score: scores[label] ?? 0, box: boxAt(boxes, query) };
  });
}

/** Each label of each query has its own probability; the likeliest of all come first. */
function likeliest(logits: Tensor, boxes: Tensor, count: number): Thing[] {
  const labels = logits.dims[2] ?? 1;
  const ranked = Array.from(comparableData(logits), (logit, at) => ({ logit, at })).sort((a, b) => b.logit - a.logit);
  return ranked.slice(0, count).map(({ logit, at }) => ({
    label: at % labels,
    score: sigmoid(logit),
    box: boxAt(boxes, Math.floor(at / labels)),
  }));
}

function boxAt(boxes: Tensor, query: number): Thing['box'] {
  const [x = 0, y = 0, width = 0, height = 0] = comparableData(boxes).subarray(query * 4, query * 4 + 4);
  return [x, y, width, height];
}
