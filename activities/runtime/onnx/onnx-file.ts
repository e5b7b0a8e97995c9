import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataType } from '@huggingface/transformers';
import { ModelJobError } from '../../../planner/index.js';

/** The endings by which transformers.js tells precisions apart, best first. */
const endings: readonly (readonly [ending: string, dtype: DataType])[] = [
  ['', 'fp32'],
  ['_fp16', 'fp16'],
  ['_quantized', 'q8'],
  ['_int8', 'int8'],
  ['_uint8', 'uint8'],
  ['_q4', 'q4'],
  ['_q4f16', 'q4f16'],
  ['_bnb4', 'bnb4'],
];

/**
 * The best precision that a bundle has: all of its graphs must have it.
 *
 * @param filesDirectory where `onnx/…` is
 * @throws ModelJobError `NotFound` for a bundle with no graph
 */
export async function precisionOf(filesDirectory: string): Promise<DataType> {
  const names = await readdir(join(filesDirectory, 'onnx')).catch(() => []);
  const graphs = names.filter((name) => name.endsWith('.onnx')).map((name) => name.slice(0, -'.onnx'.length));
  const found = endings.find(([ending]) => graphs.some((name) => endingOf(name) === ending));
  if (found) return found[1];
  throw new ModelJobError(
    'NotFound',
    `the bundle has no graph: \`${join(filesDirectory, 'onnx')}\` holds no .onnx file`,
  );
}

function endingOf(name: string): string {
  return endings.map(([ending]) => ending).find((ending) => ending !== '' && name.endsWith(ending)) ?? '';
}
