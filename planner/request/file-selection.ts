import { canonicalJson } from '../shared/canonical-json.js';
import { isPattern, matchesPattern } from './file-pattern.js';
import type { FileRequest, ModelSpec } from './model-spec.js';
import type { JobOptions } from './options.js';

/** Which files of its source a model is of. */
export interface FileSelection {
  requests: readonly FileRequest[];
  /** Patterns of which a file must match one, where it is not named in full. */
  include?: readonly string[];
  /** Patterns of which it must match none. */
  exclude?: readonly string[];
}

/** The selection that a request makes. */
export function selectionOf(request: { spec: ModelSpec; options?: JobOptions | null | undefined }): FileSelection {
  const { include, exclude } = request.options ?? {};
  return {
    requests: request.spec.files,
    ...(include == null ? {} : { include: [include].flat() }),
    ...(exclude == null ? {} : { exclude: [exclude].flat() }),
  };
}

/** The paths that satisfy a file request, best first; some may be patterns. */
export function pathsOf(request: FileRequest): readonly string[] {
  if ('required' in request) return [request.required];
  return 'optional' in request ? [request.optional] : request.first_available;
}

/** The paths that the requests name, each once; patterns too, for a file may be called like one. */
export function namedPaths({ requests }: FileSelection): string[] {
  return [...new Set(requests.flatMap(pathsOf))];
}

/** Whether all files of the source are meant, as far as `include` and `exclude` let them. */
export function takesAll(selection: FileSelection): boolean {
  const { requests, include, exclude } = selection;
  if (namedPaths(selection).some(isPattern)) return false;
  return include !== undefined || (requests.length === 0 && exclude !== undefined);
}

/** Whether a model of this selection has files at all. */
export function selectsFiles(selection: FileSelection): boolean {
  return selection.requests.length > 0 || takesAll(selection);
}

/** Whether only a listing of the source's files tells what the selection chooses. */
export function needsListing(selection: FileSelection): boolean {
  return takesAll(selection) || namedPaths(selection).some(isPattern);
}

/** Whether the requests do not say all of the files: a pattern may match several, an index brings its shards. */
export function isOpen(selection: FileSelection): boolean {
  return needsListing(selection) || namedPaths(selection).some(isShardIndex);
}

/** Whether a path is one that `include` and `exclude` let pass. */
export function passes({ include, exclude }: FileSelection, path: string): boolean {
  const matches = (pattern: string): boolean => matchesPattern(path, pattern);
  return (include?.some(matches) ?? true) && !exclude?.some(matches);
}

/** A selection as one text: two of one text choose the same files of the same commit. */
export function selectionKey(selection: FileSelection): string {
  return canonicalJson(selection);
}

/** Whether a file may name the shards of large weights: `model.safetensors.index.json`. */
export function isShardIndex(path: string): boolean {
  return path.endsWith('.index.json');
}
