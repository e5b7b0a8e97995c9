import type { BundleFacts, ModelAccessJobRequest } from '../../planner/index.js';
import { bundleRoot } from '../workspace/layout.js';
import { bundleArtifacts } from './artifacts.js';
import { manifestPathOf } from './manifest-file.js';
import type { Bundle } from './names.js';
import type { LocalModel } from './local-model.js';

/** What a job reports of its bundle: its name's place, and artifacts that stay where they are when the name moves on. */
export async function bundleFacts(
  home: string,
  request: ModelAccessJobRequest,
  model: LocalModel,
  { root, manifest }: Bundle,
): Promise<BundleFacts> {
  const place = bundleRoot(home, request.spec);
  return {
    bundleRoot: place,
    manifestPath: manifestPathOf(place),
    commit: manifest.commit ?? null,
    files: Object.keys(manifest.files).length,
    bytesTotal: Object.values(manifest.files).reduce((sum, { size_bytes }) => sum + size_bytes, 0),
    bytesFetched: model.bytesFetched,
    bytesReused: model.bytesReused,
    artifacts: await bundleArtifacts(root, manifest, request),
    model: model.identity,
  };
}
