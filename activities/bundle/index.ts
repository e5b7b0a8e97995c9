import { join } from 'node:path';
import {
  ModelJobError,
  type BundleFacts,
  type ListedValidation,
  type ModelAccessJobRequest,
} from '../../planner/index.js';
import type { ActivityConfig } from '../config.js';
import { bundleRoot, jobFolder } from '../layout.js';
import type { PathGuard } from '../paths.js';
import { currentReporter } from '../reporter.js';
import { manifestArtifact } from './artifacts.js';
import { inputArtifacts } from './inputs.js';
import { manifestPathOf, readManifest } from './manifest-file.js';
import { listProblems } from './problem-file.js';
import type { BundleStore } from './store.js';
import { checkBundle } from './validate.js';

export { createBundleStore, type BundleStore } from './store.js';

/** The activities of Download, MaterializeBundle and ValidateBundle; each does all of its work on one worker. */
export function createBundleActivities(config: ActivityConfig, paths: PathGuard, store: BundleStore) {
  return {
    /** Fetches the requested files into the hub cache and makes the bundle of them. */
    downloadModel: (request: ModelAccessJobRequest): Promise<BundleFacts> => store.download(request, currentReporter()),

    /** Makes the bundle from what is on this disk, or from the hub where the request allows it. */
    materializeBundle: (request: ModelAccessJobRequest): Promise<BundleFacts> =>
      store.ensure(request, currentReporter()),

    /**
     * Checks the local inputs and the bundle. What is wrong with the bundle is a fact; the workflow judges it.
     *
     * @throws ModelJobError `NotFound` for a missing input, or when there is neither an input nor a bundle
     */
    async validateBundle(request: ModelAccessJobRequest): Promise<ListedValidation> {
      const inputs = await inputArtifacts(request, paths);
      const root = bundleRoot(config.home, request.spec);
      const manifest = await readManifest(root);
      if (!manifest) {
        if (inputs.length === 0) throw noBundle(request, root);
        return { valid: true, files: 0, bytes: 0, problems: [], inputArtifacts: inputs, manifestArtifact: null };
      }
      const reporter = currentReporter();
      const { quick, repair } = request.options ?? {};
      let check = await checkBundle(root, manifest, reporter, quick ?? false);
      const { problems } = check;
      if (repair && problems.length > 0) {
        await store.repair(request, { manifest, problems }, reporter);
        const again = await checkBundle(root, (await readManifest(root)) ?? manifest, reporter, false);
        const stillWrong = new Set(again.problems.map(({ path }) => path));
        check = { ...again, repaired: problems.filter(({ path }) => !stillWrong.has(path)) };
      }
      const facts = {
        ...check,
        valid: check.problems.length === 0,
        inputArtifacts: inputs,
        manifestArtifact: await manifestArtifact(root, request),
      };
      return listProblems(facts, problems, join(jobFolder(config.home, reporter.jobId), 'problems.json'));
    },
  };
}

function noBundle({ spec }: ModelAccessJobRequest, root: string): ModelJobError {
  const path = manifestPathOf(root);
  return new ModelJobError('NotFound', `model bundle \`${spec.name}\` is not at \`${path}\`: run a Download first`);
}
