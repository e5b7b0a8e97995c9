import type { RuntimeSettings } from './model-runtime.js';

/** How the worker's operator wants models to run. */
export interface RuntimeConfig {
  /** Cores that models may compute on. */
  cores: number;
  /** The most processes for one model; each has an equal part of the cores. */
  processes: number;
  /** Memory that all models may take together, in bytes. */
  memoryBytes: number;
  /** Longest time for a load or a batch, in milliseconds: a process that is silent for longer hangs. */
  timeoutMs: number;
  /** Runtimes of the operator's own: absolute paths of modules by the backends that they serve. */
  modules: Readonly<Record<string, string>>;
  settings: RuntimeSettings;
}

/** What the operator set for the backends that call programs and servers. */
export type BackendSettings = Omit<RuntimeSettings, 'roots' | 'closed' | 'commands'>;
