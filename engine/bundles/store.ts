import { rm } from 'node:fs/promises';
import {
  ModelJobError,
  repoIdOf,
  revisionOf,
  type BundleFacts,
  type BundleManifest,
  type BundleProblem,
  type ModelAccessJobRequest,
} from '../../planner/index.js';
import type { HubConfig } from '../hub/config.js';
import { sha256OfFile } from '../../system/hashing/index.js';
import { cachedFiles } from '../hub/cache/cached-files.js';
import { openCachedRepo } from '../hub/cache/cached-repo.js';
import { createHubHttp } from '../hub/http.js';
import { fetchRepo } from '../hub/transfer/fetch-repo.js';
import type { ModelSourceFiles, RepoFetch } from '../hub/repo-files.js';
import { bundleRoot } from '../workspace/layout.js';
import type { PathGuard } from '../workspace/paths.js';
import type { Work } from '../workspace/work.js';
import { bundleArtifacts } from './artifacts.js';
import { localSource } from './local-source.js';
import { manifestPathOf, readManifest, satisfies } from './manifest-file.js';
import { materialize } from './materialize.js';
import { repairBundle } from './repair.js';

/** The bundles of this worker's home. */
export interface BundleStore {
  /** Fetches what the hub has now, then makes the bundle of it. */
  download: (request: ModelAccessJobRequest, work: Work) => Promise<BundleFacts>;
  /** The bundle that is there, else one made from what is on this disk, else from the hub where the request allows it. */
  ensure: (request: ModelAccessJobRequest, work: Work) => Promise<BundleFacts>;
  /** Puts the bundle right where a check found it wrong, by files of the commit that it was made of. */
  repair: (request: ModelAccessJobRequest, broken: BrokenBundle, work: Work) => Promise<void>;
}

/** A bundle and what is wrong with it. */
export interface BrokenBundle {
  manifest: BundleManifest;
  problems: readonly BundleProblem[];
}

/** Where a store keeps its bundles, and where it gets files. */
export interface BundlePlaces {
  home: string;
  hub: HubConfig;
}

/** A store over the worker's home and hub cache. */
export function createBundleStore(config: BundlePlaces, paths: PathGuard): BundleStore {
  const access = { hub: config.hub, http: createHubHttp(config.hub) };
  const store: BundleStore = {
    async download(request, work) {
      const { spec } = request;
      if (spec.source.kind === 'local_path') return store.ensure(request, work);
      const fetch = repoFetchOf(request, config.home);
      const offline = config.hub.offline ? await cachedFiles(config.hub.cacheDir, fetch) : undefined;
      return make(request, offline ?? (await fetchRepo(access, fetch, work)), work);
    },

    async ensure(request, work) {
      const there = request.options?.overwrite === true ? undefined : await existing(request);
      if (there) return there;
      if (request.spec.source.kind === 'local_path') {
        return make(request, await localSource(request.spec, request.spec.source.path, paths), work);
      }
      const fetch = repoFetchOf(request, config.home);
      const cached = await cachedFiles(config.hub.cacheDir, fetch);
      if (!cached && request.options?.autoDownload === false) throw missingBundle(request);
      return make(request, cached ?? (await fetchRepo(access, fetch, work)), work);
    },

    async repair(request, { manifest, problems }, work) {
      const { source } = request.spec;
      await repairBundle(request, {
        bundleRoot: bundleRoot(config.home, request.spec),
        manifest,
        problems,
        dropBadBlob: (etag, sha256) => dropBadBlob(manifest.repo_id, etag, sha256, work),
        async bring(needed) {
          if (source.kind === 'local_path') {
            return make(request, await localSource(request.spec, source.path, paths), work);
          }
          const fetch = repoFetchOf(needed, config.home);
          const pinned = { ...fetch, revision: manifest.commit ?? fetch.revision };
          const cached = await cachedFiles(config.hub.cacheDir, pinned);
          return make(needed, cached ?? (await fetchRepo(access, pinned, work)), work);
        },
      });
    },
  };
  return store;

  async function dropBadBlob(
    repoId: string,
    etag: string,
    sha256: string | undefined,
    { signal }: Work,
  ): Promise<void> {
    const blob = openCachedRepo(config.hub.cacheDir, repoId).blob(etag);
    const found = await sha256OfFile(blob, { signal }).catch(() => undefined);
    if (found === undefined || found !== sha256) await rm(blob, { force: true });
  }

  async function existing(request: ModelAccessJobRequest): Promise<BundleFacts | undefined> {
    const root = bundleRoot(config.home, request.spec);
    // A manifest that can't be read is no bundle: it is made again.
    const manifest = await readManifest(root).catch(() => undefined);
    if (!manifest || !(await satisfies(root, manifest, request.spec.files))) return undefined;
    return factsOf(request, root, manifest, 0, bytesOf(manifest));
  }

  async function make(request: ModelAccessJobRequest, source: ModelSourceFiles, work: Work): Promise<BundleFacts> {
    const root = bundleRoot(config.home, request.spec);
    const manifest = await materialize({ bundleRoot: root, spec: request.spec, source }, work);
    return factsOf(request, root, manifest, source.bytesFetched, source.bytesReused);
  }

  function missingBundle({ spec }: ModelAccessJobRequest): ModelJobError {
    const path = manifestPathOf(bundleRoot(config.home, spec));
    return new ModelJobError(
      'NotFound',
      `missing model bundle \`${spec.name}\` at \`${path}\` and autoDownload is false`,
    );
  }
}

/** @throws ModelJobError `InvalidArgument` for a source that has no repository, or a request for no file */
function repoFetchOf({ spec }: ModelAccessJobRequest, home: string): RepoFetch {
  const repoId = repoIdOf(spec);
  if (spec.source.kind !== 'hugging_face' || !repoId) {
    throw new ModelJobError('InvalidArgument', `spec.source.kind \`${spec.source.kind}\` has no files to fetch`);
  }
  if (!/^[\w.-]+(?:\/[\w.-]+)?$/.test(repoId) || repoId.split('/').some((part) => /^\.+$/.test(part))) {
    throw new ModelJobError('InvalidArgument', `spec.source.repo_id \`${repoId}\` is no repository of the hub`);
  }
  const revision = revisionOf(spec) || 'main';
  if (revision.split('/').some((part) => ['', '.', '..'].includes(part)) || /[\0\\]/.test(revision)) {
    throw new ModelJobError('InvalidArgument', `spec.source.revision \`${revision}\` is no revision`);
  }
  if (spec.files.length === 0) {
    throw new ModelJobError('InvalidArgument', 'at least one model file must be requested');
  }
  return { repoId, revision, requests: spec.files, bundleRoot: bundleRoot(home, spec) };
}

async function factsOf(
  request: ModelAccessJobRequest,
  root: string,
  manifest: BundleManifest,
  bytesFetched: number,
  bytesReused: number,
): Promise<BundleFacts> {
  return {
    bundleRoot: root,
    manifestPath: manifestPathOf(root),
    commit: manifest.commit ?? null,
    files: Object.keys(manifest.files).length,
    bytesTotal: bytesOf(manifest),
    bytesFetched,
    bytesReused,
    artifacts: await bundleArtifacts(root, manifest, request),
  };
}

function bytesOf(manifest: BundleManifest): number {
  return Object.values(manifest.files).reduce((sum, { size_bytes }) => sum + size_bytes, 0);
}
