import type { RuntimeConfig } from './runtime/config.js';

/** What the worker's operator decided. Every path is absolute; nothing here comes from a request. */
export interface ActivityConfig {
  /** `MODEL_JOBS_HOME`: bundles, job folders. */
  home: string;
  /** Folders that jobs may read and write, and places on S3 (`s3://bucket/prefix`). */
  roots: readonly string[];
  /** Commands that jobs may run, by name or absolute path. */
  commands: readonly string[];
  hub: HubConfig;
  runtime: RuntimeConfig;
}

/** The hub and its cache, by the ecosystem's own variables (`HF_ENDPOINT`, `HF_TOKEN`, …). */
export interface HubConfig {
  endpoint: string;
  token?: string | undefined;
  cacheDir: string;
  /** `HF_HUB_OFFLINE`: any request is an error. */
  offline: boolean;
  /** Connections at once, over all transfers of the worker. */
  maxConnections: number;
  /** How long an answer may take to begin, and a body may bring next to nothing, in milliseconds. */
  timeoutMs: number;
}
