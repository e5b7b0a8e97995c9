import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  chooseFiles,
  isOpen,
  namedPaths,
  repoIdOf,
  revisionOf,
  selectionKey,
  selectionOf,
  type BundleManifest,
  type FileSelection,
  type ModelAccessJobRequest,
  type ModelSpec,
} from '../../planner/index.js';
import { bundleRoot } from '../workspace/layout.js';
import { digestOf, findFolder, isAsMade, type ModelFolder } from './model-folder.js';
import { nameBundle, toldOf, type Bundle } from './names.js';
import { bundleAt } from './place.js';

/**
 * The bundle that a spec's name leads to, where it is of the spec's repository and revision and all that the spec asks
 * for is known of it: just the files that the spec asks for.
 *
 * @param commit that it must be of; undefined for any
 */
export async function findNamed(
  home: string,
  request: ModelAccessJobRequest,
  commit: string | undefined,
): Promise<Bundle | undefined> {
  const { spec } = request;
  const named = await bundleAt(bundleRoot(home, spec)).catch(() => undefined);
  if (!named || !isOf(named.manifest, spec) || (commit !== undefined && named.manifest.commit !== commit))
    return undefined;
  const chosen = chosenOf(named.manifest, selectionOf(request));
  if (!chosen) return undefined;
  if (digestOfListed(chosen) === named.manifest.digest) {
    const isWhole = await isAsMade(join(named.root, 'files'), madeOf(chosen));
    return isWhole && isDeepStrictEqual(named.manifest.task, spec.task) ? named : undefined;
  }
  return partOf(home, spec, named.manifest, chosen);
}

/** Whether a manifest is of the spec's model: its name, repository and revision. */
export function isOf(manifest: BundleManifest, spec: ModelSpec): boolean {
  const { name, repo_id, revision } = manifest;
  return name === spec.name && repo_id === (repoIdOf(spec) ?? '') && revision === (revisionOf(spec) ?? '');
}

type Listed = BundleManifest['files'][string];

function chosenOf({ files, asked, selections }: BundleManifest, selection: FileSelection): Listed[] | undefined {
  const listed = (paths: readonly string[]): Listed[] => paths.flatMap((path) => files[path] ?? []);
  if (isOpen(selection)) {
    const paths = selections?.[selectionKey(selection)];
    const found = paths && listed(paths);
    return found?.length === paths?.length ? found : undefined;
  }
  const known = new Set(asked);
  if (!namedPaths(selection).every((path) => known.has(path))) return undefined;
  try {
    return listed(chooseFiles(selection, new Set(Object.keys(files)), 'the bundle'));
  } catch {
    return undefined;
  }
}

/** A name may lead to more files of its commit than this spec asks for: the model is what it asks for. */
async function partOf(
  home: string,
  spec: ModelSpec,
  { commit, asked = [], selections }: BundleManifest,
  chosen: readonly Listed[],
): Promise<Bundle | undefined> {
  const folder: ModelFolder | undefined = await findFolder(home, digestOfListed(chosen));
  const told = toldOf(chosen.map((file) => ({ ...file, path: file.remote_path })));
  return folder && nameBundle(folder, spec, { commit: commit ?? null, told, asked, selections: selections ?? {} });
}

function digestOfListed(files: readonly Listed[]): string {
  return digestOf(
    files.map(({ remote_path, size_bytes, sha256 = '' }) => ({ path: remote_path, size: size_bytes, sha256 })),
  );
}

/** What is known of files as they were made, by their paths in the model. */
export function madeOf(files: readonly Listed[]): Record<string, { size: number; mtimeMs: number }> {
  return Object.fromEntries(
    files.map(({ remote_path, size_bytes, mtime_ms = -1 }) => [remote_path, { size: size_bytes, mtimeMs: mtime_ms }]),
  );
}
