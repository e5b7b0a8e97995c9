import { comparableData } from '../../float-data.js';
import type { Tensors } from '../../library.js';
import { sigmoid, softmax } from '../../numbers.js';
import { outputNamed } from '../../outputs.js';
import type { Size } from '../processor/sizes.js';
import { resizedMaps, type Maps } from './maps.js';

/** The answers of a network that asks for one segment by each of its queries: DETR, MaskFormer, Mask2Former. */
export interface Queries {
  /** Probabilities of the labels by query; the last label is no segment. */
  scores: number[][];
  /** How likely each pixel belongs to a query's segment. */
  masks: Maps;
}

/** Whether a network's outputs are those of queries. */
export function hasQueries(outputs: Tensors): boolean {
  return masksName(outputs) !== undefined;
}

/**
 * Reads the outputs of queries.
 *
 * @param size that the masks are brought to before they are probabilities; undefined for their own
 */
export async function queriesOf(outputs: Tensors, size: Size | undefined, signal: AbortSignal): Promise<Queries> {
  const classes = outputs['class_queries_logits'] ?? outputNamed(outputs, 'logits');
  const masks = outputNamed(outputs, masksName(outputs) ?? 'pred_masks');
  const [, queries = 0, labels = 0] = classes.dims;
  const logits = comparableData(classes);
  const [height = 0, width = 0] = masks.dims.slice(-2);
  const own: Maps = { count: queries, width, height, data: comparableData(masks) };
  const sized = size ? await resizedMaps(own, size, signal) : own;
  return {
    scores: Array.from({ length: queries }, (_, at) => softmax(logits.subarray(at * labels, (at + 1) * labels))),
    masks: { ...sized, data: sized.data.map(sigmoid) },
  };
}

function masksName(outputs: Tensors): string | undefined {
  return ['masks_queries_logits', 'pred_masks'].find((name) => name in outputs);
}
