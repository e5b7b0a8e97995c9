import {
  chooseFiles,
  ModelJobError,
  pathsOf,
  repoIdOf,
  revisionOf,
  selectionOf,
  type BundleManifest,
  type BundleProblem,
  type FileRequest,
  type FileSelection,
  type ModelAccessJobRequest,
  type ModelSpec,
} from '../../planner/index.js';
import { openHashRecord } from '../../system/hashing/index.js';
import type { PathGuard } from '../workspace/paths.js';
import type { Work } from '../workspace/work.js';
import { isOf } from './find-named.js';
import { localSource } from './local-source.js';

/** How a bundle differs from what a request asks for: its source, its commit, its files. */
export async function compareWithRequest(
  request: ModelAccessJobRequest,
  manifest: BundleManifest,
  paths: PathGuard,
  work: Work,
): Promise<BundleProblem[]> {
  const { spec } = request;
  if (!isOf(manifest, spec)) return [differs('source', sourceOfSpec(spec), sourceOfManifest(manifest))];
  const revision = revisionOf(spec) ?? '';
  if (/^[0-9a-f]{40}$/.test(revision) && manifest.commit !== revision) {
    return [differs('commit', revision, manifest.commit ?? null)];
  }
  const missing = spec.files.flatMap((file) => missingIn(manifest, selectionOf(request), file));
  return [...missing, ...(await changedInSource(request, manifest, paths, work))];
}

function missingIn({ files }: BundleManifest, selection: FileSelection, request: FileRequest): BundleProblem[] {
  if (hasOf({ ...selection, requests: [request] }, Object.keys(files))) return [];
  return [{ path: pathsOf(request)[0] ?? '', problem: 'missing', expected: null, found: null }];
}

/** Whether the paths have what a selection must have. */
function hasOf(selection: FileSelection, paths: readonly string[]): boolean {
  try {
    chooseFiles(selection, new Set(paths), 'the bundle');
    return true;
  } catch {
    return false;
  }
}

/** Of a local folder: what is another file there now. A folder that is gone can't be compared. */
async function changedInSource(
  request: ModelAccessJobRequest,
  { files }: BundleManifest,
  guard: PathGuard,
  { signal }: Work,
): Promise<BundleProblem[]> {
  const { spec } = request;
  if (spec.source.kind !== 'local_path') return [];
  const hashes = await openHashRecord();
  const source = await localSource(selectionOf(request), { path: spec.source.path, guard, hashes }).catch(
    (error: unknown) => {
      if (error instanceof ModelJobError && error.code === 'NotFound') return undefined;
      throw error;
    },
  );
  const problems: BundleProblem[] = [];
  for (const { remotePath: path, path: file } of source?.files ?? []) {
    const listed = files[path]?.sha256;
    const found = listed === undefined ? undefined : await hashes.sha256(file, { signal });
    if (listed !== found) problems.push({ path, problem: 'source', expected: found ?? null, found: listed ?? null });
  }
  return problems;
}

function differs(problem: 'source' | 'commit', expected: string, found: string | null): BundleProblem {
  return { path: 'manifest.json', problem, expected, found };
}

function sourceOfSpec(spec: ModelSpec): string {
  return sourceText(spec.name, repoIdOf(spec) ?? '', revisionOf(spec) ?? '');
}

function sourceOfManifest({ name, repo_id, revision }: BundleManifest): string {
  return sourceText(name, repo_id, revision);
}

function sourceText(name: string, repository: string, revision: string): string {
  return repository === '' ? `${name} of a local folder` : `${name} of ${repository}@${revision}`;
}
