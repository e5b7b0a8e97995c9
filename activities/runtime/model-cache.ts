import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backendName, taskName, type BundleFacts, type ModelBackend, type ModelTask } from '../../planner/index.js';
import type { LoadedModel, ModelRuntime } from './model-runtime.js';
import { runtimeFor, type RuntimeRegistry } from './registry.js';

/** Models that stay loaded when nobody uses them. */
const maxIdle = 4;

/** A model in use. */
export interface ModelUse {
  model: LoadedModel;
  /** How long its load took, in milliseconds. */
  loadMs: number;
  /** Whether it was loaded already. */
  alreadyLoaded: boolean;
}

/** The models of this worker. */
export interface ModelCache {
  /**
   * Runs `work` with a loaded model. Jobs on one model share it, and one load.
   *
   * @throws ModelJobError `MissingDependency`, `NotFound`, `Failed` when the model can't be loaded
   */
  use<T>(bundle: BundleFacts, wanted: Wanted, work: (use: ModelUse) => Promise<T>): Promise<T>;
}

export interface Wanted {
  task: ModelTask;
  backend: ModelBackend;
  signal: AbortSignal;
}

interface Entry {
  loading: Promise<{ model: LoadedModel; loadMs: number }>;
  users: number;
}

/** A cache over these runtimes: the least recently used model goes first, and none that is in use. */
export function createModelCache(runtimes: RuntimeRegistry): ModelCache {
  // In the order of use: the first was used longest ago.
  const entries = new Map<string, Entry>();
  return {
    async use(bundle, wanted, work) {
      const digest = await digestOf(bundle);
      const key = JSON.stringify([digest, bundle.bundleRoot, taskName(wanted.task), backendName(wanted.backend)]);
      const there = entries.get(key);
      const entry = there ?? { loading: load(runtimes, bundle, digest, wanted), users: 0 };
      entries.delete(key);
      entries.set(key, entry);
      entry.users += 1;
      try {
        const loaded = await entry.loading.catch((error: unknown) => {
          if (entries.get(key) === entry) entries.delete(key);
          throw error;
        });
        return await work({ ...loaded, alreadyLoaded: there !== undefined });
      } finally {
        entry.users -= 1;
        await evict(entries);
      }
    },
  };
}

async function load(runtimes: RuntimeRegistry, bundle: BundleFacts, digest: string, { task, backend }: Wanted) {
  const startedAt = performance.now();
  const local = { root: bundle.bundleRoot, filesDirectory: join(bundle.bundleRoot, 'files'), digest };
  const { module } = runtimeFor(runtimes, backendName(backend));
  const { runtime } = (await import(module.href)) as { runtime: ModelRuntime };
  const model = await runtime.load({
    spec: {
      name: '',
      task,
      source: { kind: 'local_path', path: '' },
      files: [],
      metadata: {},
      repo_id: '',
      revision: '',
    },
    backend: backendName(backend),
    bundle: local,
    options: {},
    threads: 1,
    settings: { roots: [], commands: [], programs: {} },
    // Not the caller's signal: others may wait for the same load.
    signal: new AbortController().signal,
    log: () => undefined,
  });
  return { model, loadMs: performance.now() - startedAt };
}

async function evict(entries: Map<string, Entry>): Promise<void> {
  const idle = [...entries].filter(([, { users }]) => users === 0);
  for (const [key, entry] of idle.slice(0, Math.max(idle.length - maxIdle, 0))) {
    entries.delete(key);
    await entry.loading.then(({ model }) => model.dispose()).catch(() => undefined);
  }
}

async function digestOf({ manifestPath }: BundleFacts): Promise<string> {
  return createHash('sha256')
    .update(await readFile(manifestPath))
    .digest('hex');
}
