import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  fileArtifactId,
  fileKind,
  fileMediaType,
  fileRole,
  maxListedArtifacts,
  modelMetadata,
  outputArtifactId,
  taskName,
  type ArtifactRef,
  type BundleManifest,
  type ModelAccessJobRequest,
} from '../../planner/index.js';
import { writeFileAtomic } from '../../system/files/atomic-write.js';
import { fileArtifact } from '../workspace/file-artifact.js';
import { manifestPathOf } from './manifest-file.js';

/** The artifacts of a bundle: its files (or the one file that lists them), then its manifest. */
export async function bundleArtifacts(
  bundleRoot: string,
  manifest: BundleManifest,
  request: ModelAccessJobRequest,
): Promise<ArtifactRef[]> {
  const files = Object.values(manifest.files).map((file) => fileArtifactOf(bundleRoot, manifest, file));
  const listed = files.length <= maxListedArtifacts ? files : [await listArtifact(bundleRoot, files, request)];
  return [...listed, await manifestArtifact(bundleRoot, request)];
}

/** The manifest's artifact. */
export async function manifestArtifact(bundleRoot: string, request: ModelAccessJobRequest): Promise<ArtifactRef> {
  const path = manifestPathOf(bundleRoot);
  return {
    id: outputArtifactId(request, 'manifest'),
    kind: 'json',
    mediaType: 'application/json',
    uri: pathToFileURL(path).href,
    sizeBytes: (await stat(path)).size,
    metadata: modelMetadata(request.spec, request.backend),
  };
}

/** As the crate's `ModelBundle::artifact_refs`, with the hash beside. */
function fileArtifactOf(
  bundleRoot: string,
  { repo_id, revision, task }: BundleManifest,
  { remote_path, local_path, size_bytes, sha256 }: BundleManifest['files'][string],
): ArtifactRef {
  const role = fileRole(remote_path);
  return {
    id: fileArtifactId(remote_path),
    kind: fileKind(role),
    mediaType: fileMediaType(remote_path),
    uri: pathToFileURL(join(bundleRoot, local_path)).href,
    sizeBytes: size_bytes,
    sha256,
    metadata: {
      'model.repoId': repo_id,
      'model.revision': revision,
      'model.task': taskName(task),
      'model.fileRole': role,
    },
  };
}

async function listArtifact(
  bundleRoot: string,
  files: readonly ArtifactRef[],
  request: ModelAccessJobRequest,
): Promise<ArtifactRef> {
  const path = join(bundleRoot, 'artifacts.json');
  await writeFileAtomic(path, `${JSON.stringify(files)}\n`);
  return fileArtifact(path, {
    id: outputArtifactId(request, 'files'),
    kind: 'json',
    mediaType: 'application/json',
    metadata: modelMetadata(request.spec, request.backend),
  });
}
