import type { ModelAccessJobRequest } from '../../planner/index.js';
import { cachedFiles } from '../hub/cache/cached-files.js';
import type { ModelSourceFiles, RepoFetch } from '../hub/repo-files.js';
import type { Work } from '../workspace/work.js';
import { findNamed } from './find-named.js';
import { digestOf } from './model-folder.js';

/**
 * The requested files of a commit, where a name's bundle was made of them and the hub cache has the same bytes still:
 * the hub need not be asked for them. Undefined else.
 */
export async function bundledFiles(
  { home, cacheDir }: { home: string; cacheDir: string },
  request: ModelAccessJobRequest,
  fetch: RepoFetch,
  work: Work,
): Promise<ModelSourceFiles | undefined> {
  const bundle = await findNamed(home, request, fetch.commit);
  const cached = bundle && (await cachedFiles(cacheDir, fetch, work));
  // Of a file without a hash the hub may tell one.
  if (!cached?.isCertain || cached.files.some(({ unverified }) => unverified !== undefined)) return undefined;
  const files = cached.files.map(({ remotePath: path, size, sha256 = '' }) => ({ path, size, sha256 }));
  return digestOf(files) === bundle?.manifest.digest ? cached : undefined;
}
