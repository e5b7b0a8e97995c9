import { ModelJobError } from '../shared/errors.js';
import { editDistance } from '../shared/nearest.js';
import { isPattern, matchesPattern } from '../request/file-pattern.js';
import { passes, pathsOf, takesAll, type FileSelection } from '../request/file-selection.js';
import type { FileRequest } from '../request/model-spec.js';

/** How many files a message names that a pattern may have meant. */
const nearFiles = 3;

/**
 * The files that a selection chooses: each required one, each optional one that is there, the first of alternatives; of a
 * pattern all that match it and pass `include` and `exclude`. A name that a file has in full is no pattern.
 *
 * @param available what the source has
 * @param source what it is called, for the message: `demo/model at main`, a folder
 * @returns paths, each once, in the order of the requests
 * @throws ModelJobError `NotFound` that names the file, all alternatives, or the pattern and what comes near it
 */
export function chooseFiles(selection: FileSelection, available: ReadonlySet<string>, source: string): string[] {
  const chosen = new Set<string>();
  const matching = (wanted: string): string[] => {
    if (available.has(wanted)) return [wanted];
    if (!isPattern(wanted)) return [];
    return [...available].filter((path) => matchesPattern(path, wanted) && passes(selection, path));
  };
  for (const request of selection.requests) {
    const paths = pathsOf(request)
      .map(matching)
      .find((found) => found.length > 0);
    if (paths) paths.forEach((path) => chosen.add(path));
    else if (!('optional' in request)) throw missing(request, selection, { available, source });
  }
  if (takesAll(selection)) {
    const all = [...available].filter((path) => passes(selection, path));
    if (all.length === 0) throw noMatch(selection.include ?? ['*'], selection, { available, source });
    all.forEach((path) => chosen.add(path));
  }
  return [...chosen];
}

interface Searched {
  available: ReadonlySet<string>;
  source: string;
}

function missing(request: FileRequest, selection: FileSelection, searched: Searched): ModelJobError {
  const paths = pathsOf(request);
  if (paths.some(isPattern)) return noMatch(paths, selection, searched);
  return paths.length === 1
    ? new ModelJobError('NotFound', `file \`${paths[0] ?? ''}\` is not in ${searched.source}`)
    : new ModelJobError('NotFound', `none of the alternative files [${paths.join(', ')}] is in ${searched.source}`);
}

function noMatch(
  patterns: readonly string[],
  { include, exclude }: FileSelection,
  { available, source }: Searched,
): ModelJobError {
  const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  const limits = [
    ...(include && include !== patterns ? [`include ${list(include)}`] : []),
    ...(exclude ? [`exclude ${list(exclude)}`] : []),
  ];
  const within = limits.length === 0 ? '' : ` (${limits.join(', ')})`;
  const near = nearest(patterns, [...available]);
  const has = near.length === 0 ? 'it has no files' : `near it are ${list(near)}`;
  return new ModelJobError('NotFound', `no file of ${source} matches ${list(patterns)}${within}: ${has}`, {
    details: { patterns: [...patterns], near },
  });
}

/** The paths, or ends of paths, that differ least from what a pattern says beside its wildcards. */
function nearest(patterns: readonly string[], paths: readonly string[]): string[] {
  const texts = patterns.map((pattern) => pattern.toLowerCase().replaceAll(/[*?[\]!]/g, ''));
  const distance = (path: string): number => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const parts = [
      path,
      name,
      name.slice(Math.max(name.lastIndexOf('.'), 0)),
      path.slice(0, path.lastIndexOf('/') + 1),
    ];
    return Math.min(...texts.flatMap((text) => parts.map((part) => editDistance(text, part.toLowerCase()))));
  };
  return paths
    .map((path) => ({ path, distance: distance(path) }))
    .sort((left, right) => left.distance - right.distance)
    .slice(0, nearFiles)
    .map(({ path }) => path);
}
