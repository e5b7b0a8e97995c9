import { readdir } from 'node:fs/promises';
import { ModelJobError } from '../../../../planner/index.js';
import type { LocalBundle } from '../../../models/contract/model-runtime.js';

/**
 * Paths of a bundle's graphs, as a manifest writes them.
 *
 * @throws ModelJobError `NotFound` for a bundle with none
 */
export async function graphsOf({ filesDirectory, root }: LocalBundle): Promise<string[]> {
  const names = await readdir(filesDirectory, { recursive: true });
  const graphs = names.map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.onnx'));
  if (graphs.length > 0) return graphs.sort();
  throw new ModelJobError('NotFound', `the bundle at \`${root}\` has no graph: it holds no .onnx file`);
}
