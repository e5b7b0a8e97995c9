import { ModelJobError, pathsOf, repoIdOf, type ModelAccessJobRequest } from '../../../planner/index.js';
import { writeFileAtomic } from '../../../system/files/atomic-write.js';
import { SignatureFault } from '../../signing/fault.js';
import { describeKey, type TrustedKey } from '../../signing/keys.js';
import {
  compareFiles,
  signatureName,
  verifySignature,
  type SignedProblem,
  type VerifiedSignature,
} from '../../signing/signature.js';
import type { Work } from '../../workspace/work.js';
import type { BundleDigests } from './bundle-digests.js';
import type { PublishedSignature } from './published-signature.js';
import {
  publishedSignaturePath,
  storedSignatures,
  type FoundSignature,
  type SignedBundle,
} from './stored-signatures.js';

/**
 * Passes a bundle whose files a trusted key has signed, each of them and as they are now. A signature may be over more
 * files than the request names.
 *
 * @throws ModelJobError `PermissionDenied` that names repository, file and key
 */
export type ModelTrust = (request: ModelAccessJobRequest, bundle: SignedBundle, work: Work) => Promise<void>;

/** Trust in what these keys have signed: the repository's own signature, or one that an operator made for the bundle. */
export function createModelTrust(
  keys: readonly TrustedKey[],
  digestsOf: BundleDigests,
  published: PublishedSignature,
): ModelTrust {
  return async (request, bundle, work) => {
    const digests = await digestsOf(bundle.bundleRoot, work.signal);
    const faults: SignatureFault[] = [];
    const holds = ({ text }: FoundSignature): boolean => {
      try {
        requireSigned(request, verifySignature(text, keys), digests);
        return true;
      } catch (error) {
        if (!(error instanceof SignatureFault)) throw error;
        faults.push(error);
        return false;
      }
    };
    if ((await storedSignatures(bundle)).some(holds)) return;
    const found = await published(request, bundle, work);
    if (!found) faults.push(new SignatureFault(`there is no \`${signatureName}\``, { file: signatureName }));
    else if (holds(found)) return writeFileAtomic(publishedSignaturePath(bundle.bundleRoot), found.text);
    throw denied(request, bundle, keys, faults);
  };
}

/** @throws SignatureFault for the first file that is not as it was signed, or was held back; where there is no file */
function requireSigned(
  { spec }: ModelAccessJobRequest,
  signed: VerifiedSignature,
  digests: ReadonlyMap<string, string>,
): void {
  if (digests.size === 0) throw new SignatureFault('there is no file to check', { key: signed.key.hint });
  // Of the alternatives of a request the first that the model has is the one to use.
  const wanted = new Set(spec.files.map((file) => pathsOf(file).find((path) => signed.files.has(path))));
  const problem = compareFiles(signed, digests).find(({ path, problem }) => problem !== 'missing' || wanted.has(path));
  if (!problem) return;
  const { path: file } = problem;
  throw new SignatureFault(`\`${file}\` ${saidOf(problem)} ${describeKey(signed.key)}`, { file, key: signed.key.hint });
}

function saidOf({ problem }: SignedProblem): string {
  const said = {
    changed: 'is not what was signed by key',
    unsigned: 'is not among the files signed by key',
    missing: 'is missing, of the files signed by key',
  };
  return said[problem];
}

function denied(
  { spec }: ModelAccessJobRequest,
  { commit }: SignedBundle,
  keys: readonly TrustedKey[],
  faults: readonly SignatureFault[],
): ModelJobError {
  const local = spec.source.kind === 'local_path' ? spec.source.path : undefined;
  const repository = local ?? repoIdOf(spec) ?? spec.name;
  const at = commit === null ? '' : ` at ${commit.slice(0, 12)}`;
  // A signature that holds and fails a file says more than one by a stranger.
  const fault = faults.find(({ facts }) => facts.file !== undefined) ?? faults[0];
  const reasons = [...new Set(faults.map(({ message }) => message))].join('; ');
  const trusted = keys.map(describeKey).join(', ');
  return new ModelJobError(
    'PermissionDenied',
    `model \`${spec.name}\`: \`${repository}\`${at} is not signed by a key that this worker trusts (${trusted}): ${reasons}`,
    { details: { repository, commit, ...fault?.facts } },
  );
}
