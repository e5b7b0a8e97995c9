import { join } from 'node:path';
import { ModelJobError, type ListedValidation, type ModelAccessJobRequest } from '../../planner/index.js';
import { bundleRoot, runFolder } from '../workspace/layout.js';
import type { PathGuard } from '../workspace/paths.js';
import { leadToRun } from '../workspace/run-folder.js';
import type { JobWork } from '../workspace/work.js';
import { manifestArtifact } from './artifacts.js';
import { inputArtifacts } from './inputs.js';
import { manifestPathOf, readManifest } from './manifest-file.js';
import { listProblems } from './problem-file.js';
import type { BundleStore } from './store.js';
import { checkBundle } from './validate.js';

/** What a validation works with. */
export interface ValidationDeps {
  home: string;
  paths: PathGuard;
  store: BundleStore;
}

/**
 * Checks the local inputs and the bundle; where the request asks for repair, what is wrong is put right and checked
 * again. What stays wrong is a fact.
 *
 * @throws ModelJobError `NotFound` for a missing input, or when there is neither an input nor a bundle
 */
export async function validateBundle(
  { home, paths, store }: ValidationDeps,
  request: ModelAccessJobRequest,
  work: JobWork,
): Promise<ListedValidation> {
  const inputs = await inputArtifacts(request, paths);
  const root = bundleRoot(home, request.spec);
  const manifest = await readManifest(root);
  if (!manifest) {
    if (inputs.length === 0) throw noBundle(request, root);
    return { valid: true, files: 0, bytes: 0, problems: [], inputArtifacts: inputs, manifestArtifact: null };
  }
  const { quick, repair } = request.options ?? {};
  let check = await checkBundle(root, manifest, work, quick ?? false);
  const { problems } = check;
  if (repair && problems.length > 0) {
    await store.repair(request, { manifest, problems }, work);
    const again = await checkBundle(root, (await readManifest(root)) ?? manifest, work, false);
    const stillWrong = new Set(again.problems.map(({ path }) => path));
    check = { ...again, repaired: problems.filter(({ path }) => !stillWrong.has(path)) };
  }
  const facts = {
    ...check,
    valid: check.problems.length === 0,
    inputArtifacts: inputs,
    manifestArtifact: await manifestArtifact(root, request),
  };
  const folder = runFolder(home, work);
  const listed = await listProblems(facts, problems, join(folder, 'problems.json'));
  await leadToRun(folder);
  return listed;
}

function noBundle({ spec }: ModelAccessJobRequest, root: string): ModelJobError {
  const path = manifestPathOf(root);
  return new ModelJobError('NotFound', `model bundle \`${spec.name}\` is not at \`${path}\`: run a Download first`);
}
