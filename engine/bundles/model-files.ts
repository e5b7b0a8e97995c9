import { selectionOf, type ModelAccessJobRequest, type ModelFiles } from '../../planner/index.js';
import { openHashRecord } from '../../system/hashing/index.js';
import { planFetch, resolveCommit, type HubAccess } from '../hub/transfer/plan-fetch.js';
import type { PathGuard } from '../workspace/paths.js';
import type { Work } from '../workspace/work.js';
import { repoFetchOf } from './hub-source.js';
import { localSource } from './local-source.js';

/**
 * The files that a request chooses of its source now, with their sizes; nothing is fetched but indexes of shards.
 *
 * @throws ModelJobError as a job of the request would
 */
export async function modelFiles(
  access: HubAccess,
  request: ModelAccessJobRequest,
  guard: PathGuard,
  work: Work,
): Promise<ModelFiles> {
  const { source } = request.spec;
  const hashes = await openHashRecord();
  if (source.kind === 'local_path') {
    const { files } = await localSource(selectionOf(request), { path: source.path, guard, hashes });
    return listOf(
      null,
      files.map(({ remotePath: path, size }) => ({ path, size })),
    );
  }
  const fetch = { ...repoFetchOf(request, undefined), hashes, onCommit: () => undefined };
  const commit = await resolveCommit(access, fetch, work);
  const { files } = await planFetch(access, fetch, commit, work);
  return listOf(commit, files);
}

function listOf(
  commit: string | null,
  files: readonly { path: string; size: number; unverified?: string | undefined }[],
): ModelFiles {
  const listed = files.map(({ path, size, unverified }) => ({ path, size, ...(unverified ? { unverified } : {}) }));
  return { commit, files: listed, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}
