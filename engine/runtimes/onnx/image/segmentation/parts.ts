import { ModelJobError } from '../../../../../planner/index.js';
import type { Tensor, Tensors } from '../../library.js';
import type { ProcessorName } from '../processor/defaults.js';
import type { Size } from '../processor/sizes.js';
import { foregroundOf } from './foreground.js';
import { hasQueries, queriesOf } from './queries.js';
import { labelledParts, mapsByLabel, mapsOf } from './semantic.js';
import { segmentsOf, type Segment, type SegmentRules } from './segments.js';

/** How a request wants an image to be parted. */
export interface PartOptions extends SegmentRules {
  subtask?: 'panoptic' | 'instance' | 'semantic' | undefined;
}

/** What the masks of Mask2Former are brought to first, by transformers. */
const mask2FormerSize = { width: 384, height: 384 };

/**
 * The parts of an image by what its network gives: segments of queries, maps of labels, or a foreground.
 *
 * @param about the network's processor, and the size of the image
 * @throws ModelJobError `InvalidArgument` for a subtask that the network can't do, `MissingDependency` for outputs that
 *   are none of these
 */
export async function partsOf(
  outputs: Tensors,
  { processor, size }: { processor: ProcessorName | undefined; size: Size },
  { subtask, ...rules }: PartOptions,
  signal: AbortSignal,
): Promise<Segment[]> {
  if (hasQueries(outputs)) {
    if (subtask === 'instance' && processor !== 'DetrImageProcessor') throw unserved(subtask, 'panoptic, semantic');
    const queries = await queriesOf(
      outputs,
      processor === 'Mask2FormerImageProcessor' ? mask2FormerSize : undefined,
      signal,
    );
    if (subtask === 'semantic') return labelledParts(mapsByLabel(queries), size, signal);
    return segmentsOf(queries, size, subtask === 'instance' ? { ...rules, label_ids_to_fuse: [] } : rules, signal);
  }
  const { logits } = outputs;
  if (logits?.dims.length === 4 && (processor === 'SegformerImageProcessor' || logits.dims[1] !== 1)) {
    if (subtask === 'panoptic' || subtask === 'instance') throw unserved(subtask, 'semantic');
    return labelledParts(mapsOf(logits), size, signal);
  }
  if (subtask) throw unserved(subtask, 'none');
  const [first] = Object.values(outputs);
  if (!first || !isPicture(first)) throw unread(outputs);
  return [foregroundOf(first, size)];
}

/** Whether a tensor is one channel of one picture: `[1, 1, height, width]`. */
function isPicture({ dims }: Tensor): boolean {
  return dims.length === 4 && dims[0] === 1 && dims[1] === 1;
}

function unread(outputs: Tensors): ModelJobError {
  const given = Object.entries(outputs).map(([name, { dims }]) => `${name} [${dims.join(', ')}]`);
  return new ModelJobError(
    'MissingDependency',
    `image_segmentation is not served for a network that gives ${given.join(', ') || 'nothing'}`,
  );
}

function unserved(subtask: string, served: string): ModelJobError {
  return new ModelJobError(
    'InvalidArgument',
    `options.parameters.subtask: the model can't do ${subtask}; it has ${served}`,
  );
}
