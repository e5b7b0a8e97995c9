import type { HubConfig } from '../engine/hub/config.js';
import type { BackendSettings, RuntimeConfig } from '../engine/models/contract/config.js';

/** What the worker's operator decided. Every path is absolute; nothing here comes from a request. */
export interface ActivityConfig {
  /** `MODEL_JOBS_HOME`: bundles, job folders. */
  home: string;
  /** Folders that jobs may read and write, and places on S3 (`s3://bucket/prefix`). */
  roots: readonly string[];
  /** Commands that jobs may run, by name or absolute path. */
  commands: readonly string[];
  hub: HubConfig;
  runtime: Omit<RuntimeConfig, 'settings'> & { settings: BackendSettings };
}
