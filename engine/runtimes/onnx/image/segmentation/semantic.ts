import { comparableData } from '../../float-data.js';
import type { Tensor } from '../../library.js';
import type { Size } from '../processor/sizes.js';
import { largestLabels } from './largest-labels.js';
import type { Maps } from './maps.js';
import type { Queries } from './queries.js';
import { maskWhere, type Segment } from './segments.js';

/** The pixels of each label: `post_process_semantic_segmentation` of transformers 4.57, by ascending numbers. */
export async function labelledParts(labels: Maps, size: Size, signal: AbortSignal): Promise<Segment[]> {
  const largest = await largestLabels(labels, size, signal);
  const isThere = new Uint8Array(labels.count);
  for (const label of largest) isThere[label] = 1;
  const found = Array.from(isThere.keys()).filter((label) => isThere[label] === 1);
  return found.map((label) => ({ label, score: null, mask: maskWhere(largest, [label]) }));
}

/** The maps of a network that has one for each label: `[1, labels, height, width]`. */
export function mapsOf(logits: Tensor): Maps {
  const [count = 1, height = 1, width = 1] = logits.dims.slice(-3);
  return { count, width, height, data: comparableData(logits) };
}

/** The maps of the labels where a network has one for each query: the sum over queries that may have the label. */
export function mapsByLabel({ scores, masks }: Queries): Maps {
  const area = masks.width * masks.height;
  const count = (scores[0]?.length ?? 1) - 1;
  const data = new Float32Array(count * area);
  scores.forEach((probabilities, query) => {
    for (let label = 0; label < count; label++) {
      const score = probabilities[label] ?? 0;
      for (let pixel = 0; pixel < area; pixel++) {
        data[label * area + pixel] =
          (data[label * area + pixel] ?? 0) + score * (masks.data[query * area + pixel] ?? 0);
      }
    }
  });
  return { count, width: masks.width, height: masks.height, data };
}
