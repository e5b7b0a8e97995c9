import { ModelJobError } from '../shared/errors.js';
import type { FileRequest } from '../request/model-spec.js';
import { pathsOf } from './plan-bundle.js';

/**
 * The files that satisfy the requests: each required one, each optional one that is there, the first of alternatives.
 *
 * @param available what the source has
 * @param source what it is called, for the message: `demo/model at main`, a folder
 * @returns paths, each once, in the order of the requests
 * @throws ModelJobError `NotFound` that names the file, or all alternatives
 */
export function chooseFiles(
  requests: readonly FileRequest[],
  available: ReadonlySet<string>,
  source: string,
): string[] {
  const chosen = new Set<string>();
  for (const request of requests) {
    const path = pathsOf(request).find((candidate) => available.has(candidate));
    if (path !== undefined) chosen.add(path);
    else if (!('optional' in request)) throw missing(request, source);
  }
  return [...chosen];
}

function missing(request: FileRequest, source: string): ModelJobError {
  const paths = pathsOf(request);
  return paths.length === 1
    ? new ModelJobError('NotFound', `file \`${paths[0] ?? ''}\` is not in ${source}`)
    : new ModelJobError('NotFound', `none of the alternative files [${paths.join(', ')}] is in ${source}`);
}
