import { ModelJobError } from '../../../../planner/index.js';
import type { LocalBundle } from '../../../models/contract/model-runtime.js';
import { graphsOf } from './graphs-of.js';

/**
 * The path of a bundle's only graph.
 *
 * @throws ModelJobError `InvalidArgument` where there are several
 */
export async function onlyGraphOf(bundle: LocalBundle): Promise<string> {
  const graphs = await graphsOf(bundle);
  const [only, ...others] = graphs;
  if (only !== undefined && others.length === 0) return only;
  throw new ModelJobError('InvalidArgument', `spec.files: there are several graphs (${graphs.join(', ')}): name one`);
}
