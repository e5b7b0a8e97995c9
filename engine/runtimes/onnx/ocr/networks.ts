import { ModelJobError } from '../../../../planner/index.js';
import type { LocalBundle } from '../../../models/contract/model-runtime.js';
import { graphsOf } from '../graph/graphs-of.js';

/** Paths of the networks inside the bundle. */
export interface OcrNetworks {
  detection: string;
  direction: string | undefined;
  recognition: string;
}

/** What their files are called: `ch_PP-OCRv4_det_infer.onnx`, `detection/v5/det.onnx`. */
const names = {
  detection: /(?:^|[/_.-])det(?:ection)?(?:[/_.-]|$)/i,
  direction: /(?:^|[/_.-])cls(?:[/_.-]|$)/i,
  recognition: /(?:^|[/_.-])rec(?:ognition)?(?:[/_.-]|$)/i,
};

/**
 * The networks of PP-OCR in a bundle, by their names.
 *
 * @throws ModelJobError `InvalidArgument` where one is missing, or there are several of a kind
 */
export async function networksOf(bundle: LocalBundle): Promise<OcrNetworks> {
  const graphs = await graphsOf(bundle);
  const only = (kind: keyof typeof names): string | undefined => {
    const [first, ...others] = graphs.filter((path) => names[kind].test(path));
    if (others.length === 0) return first;
    throw refused(`there are several networks for ${kind} (${[first, ...others].join(', ')})`);
  };
  const [detection, direction, recognition] = [only('detection'), only('direction'), only('recognition')];
  if (detection !== undefined && recognition !== undefined) return { detection, direction, recognition };
  const missing = detection === undefined ? 'detection (`…det….onnx`)' : 'recognition (`…rec….onnx`)';
  throw refused(`there is no network for ${missing} among ${graphs.join(', ')}`);
}

function refused(detail: string): ModelJobError {
  return new ModelJobError('InvalidArgument', `spec.files: ${detail}`);
}
