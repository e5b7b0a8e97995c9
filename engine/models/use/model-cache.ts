import { join } from 'node:path';
import { backendName, type ModelAccessJobRequest, type ModelIdentity } from '../../../planner/index.js';
import { createCallSizer, fixedCallSizer, type CallSizer } from './call-sizer.js';
import type { RuntimeConfig } from '../contract/config.js';
import type { LoadRequest } from '../contract/model-runtime.js';
import { compiledModule } from '../../../system/threads/compiled-module.js';
import { createMemoryWatch } from '../../../system/memory/memory-watch.js';
import { createMemoryBudget } from '../pool/memory-budget.js';
import { openModelPool, type ModelPool } from '../pool/model-pool.js';
import { startWithTries } from '../pool/start-with-tries.js';
import { runtimeFor, type RuntimeRegistry } from '../contract/registry.js';
import { createModelHealth, type ModelHealth } from './model-health.js';

/** What a process takes beside the model, in bytes; and how many times its files' size a model takes. */
const processBytes = 150e6;
const modelFactor = 1.3;

/** A model in use. */
export interface ModelUse {
  pool: ModelPool;
  /** What is known of the time that its batches take. */
  sizer: CallSizer;
  /** What is known of how it answers. */
  health: ModelHealth;
  /** How long its load took, in milliseconds. */
  loadMs: number;
  /** Whether it was loaded already. */
  alreadyLoaded: boolean;
  /** The digest of the model's files; null for a model without files. */
  bundleDigest: string | null;
}

/** A model's files on this disk. */
export interface ModelFiles {
  /** The bundle's folder: `manifest.json` and `files/…`. */
  root: string;
  identity: ModelIdentity;
  bytesTotal: number;
}

export interface WantedModel {
  request: ModelAccessJobRequest;
  /** Undefined for a model without files. */
  bundle: ModelFiles | undefined;
  /** What the model is. */
  identity: ModelIdentity;
  signal: AbortSignal;
  /** Lets go of the model at once when the work is aborted and nobody else uses it. */
  unloadOnAbort?: boolean | undefined;
}

/** The models of this worker. */
export interface ModelCache {
  /**
   * Runs `work` with a loaded model. Jobs on one model share it, and one load.
   *
   * @throws ModelJobError `MissingDependency`, `NotFound`, `ResourceLimit`, `Failed` when the model can't be loaded
   */
  use<T>(wanted: WantedModel, work: (use: ModelUse) => Promise<T>): Promise<T>;
  /** Unloads all models. */
  close(): Promise<void>;
}

type Loaded = Pick<ModelUse, 'pool' | 'sizer' | 'health' | 'loadMs'>;

interface Entry {
  loading: Promise<Loaded>;
  users: number;
}

/** A cache over these runtimes: where memory is short, the model that was used longest ago goes, and none in use. */
export function createModelCache(runtimes: RuntimeRegistry, config: RuntimeConfig): ModelCache {
  // In the order of use: the first was used longest ago.
  const entries = new Map<string, Entry>();
  const budget = createMemoryBudget(config.memoryBytes, async () => {
    const idle = [...entries].find(([, { users }]) => users === 0);
    if (!idle) return false;
    await unload(...idle);
    return true;
  });

  const watch = createMemoryWatch(config.memoryBytes);

  return {
    async use({ request, bundle, identity, signal, unloadOnAbort = false }, work) {
      const bundleDigest = bundle?.identity.digest ?? null;
      const key = keyOf(request, identity);
      const there = entries.get(key);
      const entry = there ?? { loading: load(request, bundle, bundleDigest), users: 0 };
      entries.delete(key);
      entries.set(key, entry);
      entry.users += 1;
      try {
        const loaded = await loadedEntry(key, entry);
        signal.throwIfAborted();
        return await work({ ...loaded, alreadyLoaded: there !== undefined, bundleDigest });
      } finally {
        entry.users -= 1;
        if (unloadOnAbort && signal.aborted && entry.users === 0) await unload(key, entry);
      }
    },
    async close() {
      await Promise.all([...entries].map(([key, entry]) => unload(key, entry)));
    },
  };

  async function loadedEntry(key: string, entry: Entry): Promise<Loaded> {
    try {
      return await entry.loading;
    } catch (error) {
      if (entries.get(key) === entry) entries.delete(key);
      throw error;
    }
  }

  async function unload(key: string, entry: Entry): Promise<void> {
    if (entries.get(key) === entry) entries.delete(key);
    await entry.loading.then(({ pool }) => pool.close()).catch(() => undefined);
  }

  async function load(
    request: ModelAccessJobRequest,
    bundle: ModelFiles | undefined,
    digest: string | null,
  ): Promise<Loaded> {
    const startedAt = performance.now();
    const backend = backendName(request.backend);
    const { module, processes, batchSize } = runtimeFor(runtimes, backend);
    const width = Math.min(processes ?? config.processes, config.processes);
    const loadRequest: Omit<LoadRequest, 'signal' | 'log'> = {
      spec: request.spec,
      backend,
      bundle: bundle && {
        root: bundle.root,
        filesDirectory: join(bundle.root, 'files'),
        digest: digest ?? '',
      },
      options: optionsOf(request.options),
      threads: Math.max(Math.floor(config.cores / width), 1),
      settings: config.settings,
    };
    const bytes = processBytes + (bundle?.bytesTotal ?? 0) * modelFactor;
    const pool = await openModelPool({
      width,
      start: (log, { bytes: shareBytes }) =>
        startWithTries({
          load: { module: compiledModule(module).href, request: loadRequest },
          timeoutMs: config.timeoutMs,
          watch,
          shareBytes,
          log,
        }),
      spareMemory: (needed) => budget.tryReserve(needed),
      needMemory: ({ least = 0, most }, signal) =>
        budget.reserve(
          Math.max(bytes, Math.min(least, config.memoryBytes)),
          `model \`${request.spec.name}\``,
          signal,
          most,
        ),
      totalBytes: config.memoryBytes,
    });
    const sizer = batchSize === undefined ? createCallSizer() : fixedCallSizer(batchSize);
    const health = createModelHealth(config.timeoutMs);
    return { pool, sizer, health, loadMs: performance.now() - startedAt };
  }
}

/** What has a version of its own is told apart by where it is, too. */
function keyOf({ spec, backend, options }: ModelAccessJobRequest, { digest, version }: ModelIdentity): string {
  const model = version === null ? digest : [digest, spec.source];
  return JSON.stringify([model, spec.task, backendName(backend), optionsOf(options)]);
}

/** The options that make a model what it is. */
function optionsOf(options: ModelAccessJobRequest['options']): LoadRequest['options'] {
  return { command: options?.command, predictions: options?.predictions };
}
