import { ModelJobError, type ModelAccessJobRequest } from '../../../planner/index.js';
import { writeFileAtomic } from '../../../system/files/atomic-write.js';
import type { SigningKey } from '../../signing/keys.js';
import { signatureName, signFiles } from '../../signing/signature.js';
import type { JobWork } from '../../workspace/work.js';
import type { BundleDigests } from './bundle-digests.js';
import { ownSignaturePath, type SignedBundle } from './stored-signatures.js';
import type { ModelTrust } from './trust.js';

/** Signs a bundle's files as they are on the disk; the signature lies beside the manifest. */
export type BundleSigner = (request: ModelAccessJobRequest, bundle: SignedBundle, work: JobWork) => Promise<void>;

/**
 * Signs by this key. Where there is trust, what it refuses is not signed either: a worker never vouches for a model
 * that it would not load.
 */
export function createBundleSigner(key: SigningKey, digestsOf: BundleDigests, trust?: ModelTrust): BundleSigner {
  return async (request, bundle, work) => {
    try {
      await trust?.(request, bundle, work);
    } catch (error) {
      if (!(error instanceof ModelJobError) || error.code !== 'PermissionDenied') throw error;
      work.log(`not signed: ${error.detail}`);
      return;
    }
    const files = await digestsOf(bundle.bundleRoot, work.signal);
    const signed = { name: request.spec.name, files, ignoredPaths: [signatureName], allowSymlinks: false };
    await writeFileAtomic(ownSignaturePath(bundle.bundleRoot), signFiles(signed, key));
  };
}
