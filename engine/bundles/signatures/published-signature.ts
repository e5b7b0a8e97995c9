import { join } from 'node:path';
import { ModelJobError, repoIdOf, type ModelAccessJobRequest } from '../../../planner/index.js';
import { cachedFiles } from '../../hub/cache/cached-files.js';
import { fetchRepo } from '../../hub/transfer/fetch-repo.js';
import type { HubAccess } from '../../hub/transfer/plan-fetch.js';
import { openHashRecord } from '../../../system/hashing/index.js';
import { signatureName } from '../../signing/signature.js';
import type { PathGuard } from '../../workspace/paths.js';
import type { Work } from '../../workspace/work.js';
import { readSignature, type FoundSignature, type SignedBundle } from './stored-signatures.js';

/** Finds the signature that lies beside a model's files where they come from; undefined where there is none. */
export type PublishedSignature = (
  request: ModelAccessJobRequest,
  bundle: SignedBundle,
  work: Work,
) => Promise<FoundSignature | undefined>;

/** Looks into the model's repository, at the bundle's commit, or into its local folder. */
export function createPublishedSignature(access: HubAccess, paths: PathGuard): PublishedSignature {
  return async ({ spec, options }, { commit }, work) => {
    if (spec.source.kind === 'local_path') {
      return readSignature(await paths.resolve(join(spec.source.path, signatureName), 'spec.source.path'));
    }
    const repoId = repoIdOf(spec);
    if (!repoId || commit === null) return undefined;
    const fetch = {
      repoId,
      revision: commit,
      commit,
      selection: { requests: [{ optional: signatureName }] },
      hashes: await openHashRecord(),
      onCommit: () => undefined,
    };
    const [cached] = (await cachedFiles(access.hub.cacheDir, fetch, work))?.files ?? [];
    if (cached) return readSignature(cached.path);
    if (access.hub.offline || options?.autoDownload === false) return undefined;
    const [fetched] = (await fetchRepo(access, fetch, work).catch(noneIfMissing))?.files ?? [];
    return fetched && readSignature(fetched.path);
  };
}

function noneIfMissing(error: unknown): undefined {
  if (error instanceof ModelJobError && error.code === 'NotFound') return undefined;
  throw error;
}
