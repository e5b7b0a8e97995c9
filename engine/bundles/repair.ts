import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleManifest, BundleProblem, ModelAccessJobRequest } from '../../planner/index.js';
import { localPathOf } from './bundle-path.js';

export interface Repair {
  bundleRoot: string;
  manifest: BundleManifest;
  problems: readonly BundleProblem[];
  /** Removes a blob of the cache whose bytes are wrong: the bundle's file may be a link to it. */
  dropBadBlob: (etag: string, sha256: string | undefined) => Promise<void>;
  /** Makes the bundle of these files again. */
  bring: (request: ModelAccessJobRequest) => Promise<unknown>;
}

/** Puts right what a check found wrong: removes what is not listed, and brings again what is not as listed. */
export async function repairBundle(
  request: ModelAccessJobRequest,
  { bundleRoot, manifest, problems, dropBadBlob, bring }: Repair,
): Promise<void> {
  const wrong: string[] = [];
  for (const { path, problem } of problems) {
    const listed = manifest.files[path];
    await rm(join(bundleRoot, listed?.local_path ?? localPathOf(path)), { force: true, recursive: true });
    if (problem === 'unlisted' || !listed) continue;
    if (listed.etag !== undefined) await dropBadBlob(listed.etag, listed.sha256);
    wrong.push(path);
  }
  if (wrong.length === 0) return;
  const spec = { ...request.spec, files: wrong.map((required) => ({ required })) };
  await bring({ ...request, spec });
}
