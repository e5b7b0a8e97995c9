import type { DataType } from '@huggingface/transformers';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelJobError } from '../../../planner/index.js';

/** The endings by which transformers.js tells precisions apart, best first. */
const endings: readonly (readonly [ending: string, precision: DataType])[] = [
  ['', 'fp32'],
  ['_fp16', 'fp16'],
  ['_quantized', 'q8'],
  ['_int8', 'int8'],
  ['_uint8', 'uint8'],
  ['_q4', 'q4'],
  ['_q4f16', 'q4f16'],
  ['_bnb4', 'bnb4'],
];

/** Where the graphs of a repository are, and the best precision that there is of each. */
export interface GraphFiles {
  /** The folder below the bundle's files; `''` for the files' own. */
  subfolder: string;
  /** Precision by the graph's name without its ending: `model`, `encoder_model`. */
  precisions: Record<string, DataType>;
  /** The name of the only graph, where it is another than the library looks for. */
  fileName?: string;
}

/** What the library itself looks for, by the kinds of models. */
const known: ReadonlySet<string> = new Set([
  ...['model', 'encoder_model', 'decoder_model', 'decoder_model_merged'],
  ...['text_model', 'vision_model', 'audio_model', 'text_encoder', 'vision_encoder'],
]);

/** The endings of Sentence Transformers: levels of optimization, then what was quantized for some processor. */
const optimized = /_(?:O[1-4]|q(?:u?)int8_\w+)$/;

/**
 * The graphs of a bundle in the layout of a Hugging Face ONNX repository: in `onnx/`, else at the top.
 *
 * @throws ModelJobError `NotFound` for a bundle with no graph
 */
export async function graphFilesOf(filesDirectory: string): Promise<GraphFiles> {
  for (const subfolder of ['onnx', '']) {
    const names = (await readdir(join(filesDirectory, subfolder)).catch(() => []))
      .filter((name) => name.endsWith('.onnx'))
      .map((name) => name.slice(0, -'.onnx'.length));
    if (names.length > 0) return { subfolder, ...named(bestPrecisions(names), names) };
  }
  throw new ModelJobError(
    'NotFound',
    `the bundle has no graph: \`${join(filesDirectory, 'onnx')}\` holds no .onnx file`,
  );
}

/** Of graphs whose names the library does not know the only one, or the first by Sentence Transformers' endings. */
function named(precisions: Record<string, DataType>, names: readonly string[]): Omit<GraphFiles, 'subfolder'> {
  if (Object.keys(precisions).some((name) => known.has(name))) return { precisions };
  const [fileName] = names.length === 1 ? names : names.filter((name) => optimized.test(name)).sort();
  if (fileName !== undefined) return { precisions: { [fileName]: 'fp32' }, fileName };
  return { precisions };
}

function bestPrecisions(names: readonly string[]): Record<string, DataType> {
  const best = new Map<string, DataType>();
  // Worst first, so that a better one takes its place.
  for (const [ending, precision] of [...endings].reverse()) {
    for (const name of names.filter((candidate) => endingOf(candidate) === ending)) {
      best.set(name.slice(0, name.length - ending.length), precision);
    }
  }
  return Object.fromEntries(best);
}

/** The longest ending that a name has: `_q4f16` before nothing. */
function endingOf(name: string): string {
  return endings.map(([ending]) => ending).find((ending) => ending !== '' && name.endsWith(ending)) ?? '';
}
