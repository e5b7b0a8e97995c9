import { join } from 'node:path';
import {
  commitIdentity,
  ModelJobError,
  provenanceMetadata,
  traced,
  type BundleProblem,
  type ListedValidation,
  type ModelAccessJobRequest,
} from '../../planner/index.js';
import { bundleRoot, runFolder } from '../workspace/layout.js';
import { inputVersions } from '../workspace/input-versions.js';
import type { PathGuard } from '../workspace/paths.js';
import { provenanceHere } from '../workspace/provenance.js';
import { leadToRun } from '../workspace/run-folder.js';
import { pinnedTo, type JobWork } from '../workspace/work.js';
import { manifestArtifact } from './artifacts.js';
import { compareWithRequest } from './compare-request.js';
import { inputArtifacts } from './inputs.js';
import { manifestPathOf } from './manifest-file.js';
import { listProblems } from './problem-file.js';
import { requestedBundle } from './requested-bundle.js';
import type { BundleStore } from './store.js';
import { checkBundle, type BundleCheck } from './validate.js';
import { identityOf, type Bundle } from './names.js';

/** What a validation works with. */
export interface ValidationDeps {
  home: string;
  paths: PathGuard;
  store: BundleStore;
}

/**
 * Checks the local inputs and the bundle, against its manifest and against the request; where the request asks for
 * repair, what is wrong is put right and checked again. What stays wrong is a fact.
 *
 * @throws ModelJobError `NotFound` for a missing input, or when there is neither an input nor a bundle
 */
export async function validateBundle(
  deps: ValidationDeps,
  request: ModelAccessJobRequest,
  work: JobWork,
): Promise<ListedValidation> {
  const { home, paths, store } = deps;
  const inputs = await inputArtifacts(request, paths);
  const { quick, repair } = request.options ?? {};
  const bundle = await requestedBundle(home, request.spec).catch(async (error: unknown) => {
    if (!repair) throw error;
    await store.repair(request, work);
    return requestedBundle(home, request.spec);
  });
  if (!bundle) {
    if (inputs.length === 0) throw noBundle(request, bundleRoot(home, request.spec));
    return { valid: true, files: 0, bytes: 0, problems: [], inputArtifacts: inputs, manifestArtifact: null };
  }
  let check = await checkAll(deps, request, bundle, work, quick ?? false);
  const { problems } = check;
  let checked = bundle;
  if (repair && problems.length > 0) {
    await repairBundle(store, request, { bundle, problems }, work);
    checked = (await requestedBundle(home, request.spec)) ?? bundle;
    const again = await checkAll(deps, request, checked, work, false);
    const stillWrong = new Set(again.problems.map(({ path }) => path));
    check = { ...again, repaired: problems.filter(({ path }) => !stillWrong.has(path)) };
  }
  const manifest = await manifestArtifact(checked.root, request);
  const model = identityOf(checked.manifest);
  const versions = await inputVersions(request.inputs, paths, { hashed: false, signal: work.signal });
  const provenance = provenanceHere({ request, model, ...versions });
  const facts = {
    ...check,
    valid: check.problems.length === 0,
    inputArtifacts: traced(inputs, provenance),
    manifestArtifact: { ...manifest, metadata: { ...provenanceMetadata(provenance), ...manifest.metadata } },
    ...(model ? { model } : {}),
    provenance,
  };
  const folder = runFolder(home, work);
  const listed = await listProblems(facts, problems, join(folder, 'problems.json'));
  await leadToRun(folder);
  return listed;
}

async function checkAll(
  { paths }: ValidationDeps,
  request: ModelAccessJobRequest,
  { root, manifest }: Bundle,
  work: JobWork,
  quick: boolean,
): Promise<BundleCheck> {
  const differences = await compareWithRequest(request, manifest, paths, work);
  const check = await checkBundle(root, manifest, work, quick);
  return { ...check, problems: [...differences, ...check.problems] };
}

/** Makes the bundle again: of its own commit where it is the request's model, else of what the request asks for. */
async function repairBundle(
  store: BundleStore,
  request: ModelAccessJobRequest,
  { bundle: { manifest }, problems }: { bundle: Bundle; problems: readonly BundleProblem[] },
  work: JobWork,
): Promise<void> {
  const { commit, repo_id, files } = manifest;
  const isOther = problems.some(({ path, problem }) => isOfRequest(problem) || !isListed(path, problem, files));
  if (isOther || commit === undefined) return store.repair(request, work);
  const spec = { ...request.spec, files: Object.keys(files).map((required) => ({ required })) };
  const options = { ...request.options, include: undefined, exclude: undefined };
  await store.repair({ ...request, spec, options }, pinnedTo(work, commitIdentity(repo_id, commit, null)));
}

function isOfRequest(problem: BundleProblem['problem']): boolean {
  return problem === 'source' || problem === 'commit';
}

/** A file that is missing in the manifest is the request's matter. */
function isListed(path: string, problem: BundleProblem['problem'], files: Bundle['manifest']['files']): boolean {
  return problem !== 'missing' || Object.hasOwn(files, path);
}

function noBundle({ spec }: ModelAccessJobRequest, root: string): ModelJobError {
  const path = manifestPathOf(root);
  return new ModelJobError('NotFound', `model bundle \`${spec.name}\` is not at \`${path}\`: run a Download first`);
}
