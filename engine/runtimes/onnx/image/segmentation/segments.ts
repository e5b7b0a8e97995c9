import type { Size } from '../processor/sizes.js';
import { eachLine, type Maps } from './maps.js';
import type { Queries } from './queries.js';

/** A part of an image. */
export interface Segment {
  /** The number of its label; undefined for a part that has none. */
  label: number | undefined;
  score: number | null;
  /** 255 inside and 0 outside, row by row; of a part without a label how much of a pixel it has. */
  mask: Uint8Array;
}

/** What makes a segment, by transformers' names. */
export interface SegmentRules {
  threshold: number;
  mask_threshold: number;
  overlap_mask_area_threshold: number;
  label_ids_to_fuse?: readonly number[] | undefined;
}

interface Kept {
  label: number;
  score: number;
  query: number;
}

/**
 * The parts of an image that do not overlap: `post_process_panoptic_segmentation` of transformers 4.57, and that of
 * instances where no labels are fused.
 */
export async function segmentsOf(
  { scores, masks }: Queries,
  size: Size,
  rules: SegmentRules,
  signal: AbortSignal,
): Promise<Segment[]> {
  const kept = scores.flatMap((probabilities, query) => keptOf(probabilities, query, rules.threshold));
  if (kept.length === 0) return [];
  // How many pixels are likely enough on their own.
  const likely = kept.map(() => 0);
  const largest = new Int32Array(size.width * size.height);
  const best = new Float32Array(size.width);
  await eachLine(weighted(masks, kept), size, signal, (line, at, y) => {
    likely[at] = (likely[at] ?? 0) + line.filter((value) => value >= rules.mask_threshold).length;
    if (at === 0) best.fill(-Infinity);
    for (let x = 0; x < line.length; x++) {
      const value = line[x] ?? 0;
      if (value <= (best[x] ?? 0)) continue;
      best[x] = value;
      largest[y * size.width + x] = at;
    }
  });
  const won = kept.map(() => 0);
  for (const at of largest) won[at] = (won[at] ?? 0) + 1;
  const isSeen = (at: number): boolean => {
    const [area, whole] = [won[at] ?? 0, likely[at] ?? 0];
    return area > 0 && whole > 0 && area / whole > rules.overlap_mask_area_threshold;
  };
  return fused(
    kept.flatMap((one, at) => (isSeen(at) ? [{ label: one.label, score: one.score, at: [at] }] : [])),
    rules.label_ids_to_fuse ?? [],
  ).map(({ at, ...segment }) => ({ ...segment, mask: maskWhere(largest, at) }));
}

/** The likeliest label of a query, unless it is none or not likely enough. */
function keptOf(probabilities: readonly number[], query: number, threshold: number): Kept[] {
  const score = Math.max(...probabilities);
  const label = probabilities.indexOf(score);
  return label === probabilities.length - 1 || score <= threshold ? [] : [{ label, score, query }];
}

/** The maps of the kept queries, each times its score. */
function weighted({ width, height, data }: Maps, kept: readonly Kept[]): Maps {
  const area = width * height;
  const own = new Float32Array(kept.length * area);
  kept.forEach(({ query, score }, at) => {
    for (let pixel = 0; pixel < area; pixel++) own[at * area + pixel] = (data[query * area + pixel] ?? 0) * score;
  });
  return { count: kept.length, width, height, data: own };
}

interface Won {
  label: number;
  score: number;
  at: number[];
}

/** Segments of a label that is fused become one, with the score of the first. */
function fused(segments: readonly Won[], labels: readonly number[]): Won[] {
  const together: Won[] = [];
  for (const segment of segments) {
    const first = labels.includes(segment.label) && together.find(({ label }) => label === segment.label);
    if (first) first.at.push(...segment.at);
    else together.push(segment);
  }
  return together;
}

/** The mask of the pixels that one of these won. */
export function maskWhere(largest: Int32Array, wanted: readonly number[]): Uint8Array {
  const mask = new Uint8Array(largest.length);
  for (const one of wanted) {
    for (let pixel = 0; pixel < mask.length; pixel++) if (largest[pixel] === one) mask[pixel] = 255;
  }
  return mask;
}
