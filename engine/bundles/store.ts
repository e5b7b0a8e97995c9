import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  commitIdentity,
  filesIdentity,
  isSameModel,
  ModelJobError,
  repoIdOf,
  selectionKey,
  selectionOf,
  type BundleFacts,
  type ModelAccessJobRequest,
  type ModelIdentity,
} from '../../planner/index.js';
import { openHashRecord, type HashRecord } from '../../system/hashing/index.js';
import { repoFolderName } from '../hub/cache/cached-repo.js';
import type { HubConfig } from '../hub/config.js';
import { createHubHttp } from '../hub/http.js';
import { refuseUnverified } from '../hub/unverified.js';
import type { ModelSourceFiles } from '../hub/repo-files.js';
import { bundleRoot } from '../workspace/layout.js';
import type { PathGuard } from '../workspace/paths.js';
import type { JobWork } from '../workspace/work.js';
import { bundleFacts } from './bundle-facts.js';
import { bundledFiles } from './bundled-files.js';
import { earlierFiles } from './earlier-bundle.js';
import { nearestFiles, newestFiles, repoFetchOf } from './hub-source.js';
import { leadName } from './lead-name.js';
import type { LocalModel } from './local-model.js';
import { localSource } from './local-source.js';
import { manifestPathOf, readManifest } from './manifest-file.js';
import { materialize } from './materialize.js';
import { holdModel } from './users.js';
import { findFolder } from './model-folder.js';
import { findNamed } from './find-named.js';
import { identityOf, nameBundle, toldOf, type Bundle, type Told } from './names.js';

export type { LocalModel } from './local-model.js';

/**
 * The models of this worker's home. Each function pins the model in the work that it is given, and keeps to what is
 * pinned there.
 *
 * @throws ModelJobError `NotFound`, `IntegrityError` for a pinned model that can't be had any more
 */
export interface BundleStore {
  /** Fetches what the hub has now, then makes the bundle of it. */
  download: (request: ModelAccessJobRequest, work: JobWork) => Promise<BundleFacts>;
  /** Makes the bundle of what is here, else of what the hub has where the request allows it. */
  materialize: (request: ModelAccessJobRequest, work: JobWork) => Promise<BundleFacts>;
  /** The model of a request: the one that is here, else one made as by `materialize`. */
  ensure: (request: ModelAccessJobRequest, work: JobWork) => Promise<LocalModel>;
  /** Makes the request's bundle again, of bytes that are hashed anew. */
  repair: (request: ModelAccessJobRequest, work: JobWork) => Promise<void>;
  /** Runs something with the model of a request: nobody removes its files meanwhile. */
  use: <T>(request: ModelAccessJobRequest, work: JobWork, run: (model: LocalModel) => Promise<T>) => Promise<T>;
}

/** Where a store keeps its bundles, and where it gets files. */
export interface BundlePlaces {
  home: string;
  hub: HubConfig;
}

/** How a model is brought: by the hub's newest commit; over what is here; with every byte hashed anew. */
interface Bring {
  newest?: boolean;
  again?: boolean;
  anew?: boolean;
}

/** A store over the worker's home and hub cache. */
export function createBundleStore({ home, hub }: BundlePlaces, paths: PathGuard): BundleStore {
  const access = { hub, http: createHubHttp(hub) };
  const store: BundleStore = {
    download: (request, work) => asFacts(request, bring(request, { newest: true, ...overwriteOf(request) }, work)),
    materialize: (request, work) => asFacts(request, store.ensure(request, work)),
    async ensure(request, work) {
      const { again } = overwriteOf(request);
      const there = again ? undefined : await findThere(request, work);
      if (there) {
        if (hub.refuseUnverified) refuseUnverified(listedIn(there));
        work.pin(there.identity);
        return there;
      }
      const leads = !work.pinned;
      const model = await bring(request, { again }, work);
      // What an earlier job has pinned is not what the name should lead to now.
      if (leads) await leadName(home, request.spec, model);
      return model;
    },
    async repair(request, work) {
      await asFacts(request, bring(request, { again: true, anew: true }, work));
    },
    async use(request, work, run) {
      for (;;) {
        const model = await store.ensure(request, work);
        const outcome = await holdModel(home, model.manifest.digest ?? '', work, async () =>
          // It may have been removed before it was held.
          (await readManifest(model.root)) ? { value: await run(model) } : undefined,
        );
        if (outcome) return outcome.value;
      }
    },
  };
  return store;

  async function asFacts(request: ModelAccessJobRequest, model: Promise<LocalModel>): Promise<BundleFacts> {
    return bundleFacts(home, request, await model, await leadName(home, request.spec, await model));
  }

  /** Of a name's bundle, or by the digest that is pinned: nothing is hashed, and nobody is asked. */
  async function findThere(request: ModelAccessJobRequest, work: JobWork): Promise<LocalModel | undefined> {
    const { pinned } = work;
    if (pinned?.digest != null) {
      const folder = await findFolder(home, pinned.digest);
      if (!folder) return undefined;
      const origin = { commit: pinned.commit, told: new Map<string, Told>(), asked: [] };
      return modelOf(await nameBundle(folder, request.spec, origin));
    }
    if (request.spec.source.kind === 'local_path') return undefined;
    const bundle = await findNamed(home, request, repoFetchOf(request, pinned).commit);
    return bundle && modelOf(bundle);
  }

  async function bring(request: ModelAccessJobRequest, how: Bring, work: JobWork): Promise<LocalModel> {
    const { again, anew } = how;
    const { pinned } = work;
    const hashes = await openHashRecord(anew ? undefined : join(home, 'hashes', recordName(request)));
    const source = await sourceOf(request, hashes, how, work).catch((error: unknown) => {
      throw pinned ? lost(pinned, error) : error;
    });
    const { files, bytesFetched } = source;
    const folder = await materialize({ home, files, hashes, again: again ?? false, fetched: bytesFetched > 0 }, work);
    await hashes.save();
    const told = toldOf(source.files.map((file) => ({ ...file, path: file.remotePath })));
    const { commit, asked, chosen } = source;
    const selections = chosen === undefined ? {} : { [selectionKey(selectionOf(request))]: chosen };
    const bundle = await nameBundle(folder, request.spec, { commit, told, asked, selections });
    const model = modelOf(bundle, source);
    if (hub.refuseUnverified) refuseUnverified(listedIn(model));
    if (pinned && !isSameModel(pinned, model.identity)) throw changed(pinned, model.identity);
    work.pin(model.identity);
    return model;
  }

  async function sourceOf(
    request: ModelAccessJobRequest,
    hashes: HashRecord,
    { newest, again }: Bring,
    work: JobWork,
  ): Promise<ModelSourceFiles> {
    const { spec, options } = request;
    if (spec.source.kind === 'local_path') {
      return localSource(selectionOf(request), { path: spec.source.path, guard: paths, hashes });
    }
    const asked = repoFetchOf(request, work.pinned);
    const onCommit = (commit: string): void => {
      if (!work.pinned) work.pin(commitIdentity(asked.repoId, commit, null));
    };
    const fetch = { ...asked, hashes, onCommit, bundleRoot: bundleRoot(home, spec) };
    const bundled = (commit: string): ReturnType<typeof bundledFiles> =>
      bundledFiles({ home, cacheDir: hub.cacheDir }, request, { ...fetch, commit }, work);
    if (newest) return newestFiles(access, again ? fetch : { ...fetch, bundled }, work);
    const earlier = (): ReturnType<typeof earlierFiles> => earlierFiles(bundleRoot(home, spec), spec, fetch, work);
    const autoDownload = options?.autoDownload ?? true;
    const nearest = await nearestFiles(access, fetch, { autoDownload, earlier }, work);
    if (nearest) return nearest;
    const path = manifestPathOf(bundleRoot(home, spec));
    throw new ModelJobError(
      'NotFound',
      `missing model bundle \`${spec.name}\` at \`${path}\` and autoDownload is false`,
    );
  }
}

function overwriteOf({ options }: ModelAccessJobRequest): { again: boolean } {
  return { again: options?.overwrite === true };
}

function listedIn({ manifest }: LocalModel): { path: string; unverified?: string | undefined }[] {
  return Object.values(manifest.files).map(({ remote_path: path, unverified }) => ({ path, unverified }));
}

function modelOf(bundle: Bundle, source?: ModelSourceFiles): LocalModel {
  const { manifest } = bundle;
  const bytesTotal = Object.values(manifest.files).reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  return {
    ...bundle,
    identity: identityOf(manifest) ?? filesIdentity(manifest.name, ''),
    bytesTotal,
    bytesFetched: source?.bytesFetched ?? 0,
    bytesReused: source?.bytesReused ?? bytesTotal,
  };
}

/** Where the hashes of a source's files are kept. */
function recordName({ spec }: ModelAccessJobRequest): string {
  if (spec.source.kind !== 'local_path') return `${repoFolderName(repoIdOf(spec) ?? '')}.json`;
  return `folder-${createHash('sha256').update(spec.source.path).digest('hex').slice(0, 16)}.json`;
}

function changed(pinned: ModelIdentity, found: ModelIdentity): ModelJobError {
  return new ModelJobError(
    'IntegrityError',
    `the model that this job pinned, ${pinned.label}, can't be had any more: its source is ${found.label} now`,
    { details: { pinned, found } },
  );
}

/** Who reads of a commit that is not there has to know who asked for it. */
function lost(pinned: ModelIdentity, error: unknown): unknown {
  if (!(error instanceof ModelJobError) || error.code !== 'NotFound' || error.retryable) return error;
  return new ModelJobError(
    'IntegrityError',
    `the model that this job pinned, ${pinned.label}, can't be had any more: ${error.detail}`,
    { details: { pinned } },
  );
}
