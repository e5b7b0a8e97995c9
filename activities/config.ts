import type { AllowedCommand } from '../engine/policy/schema.js';
import type { SecretSources } from '../engine/policy/secrets.js';
import type { HubConfig } from '../engine/hub/config.js';
import type { SigningKey, TrustedKey } from '../engine/signing/keys.js';
import type { BackendSettings, RuntimeConfig } from '../engine/models/contract/config.js';
import type { RetryLimits } from '../planner/index.js';

/** The keys of the worker's operator. */
export interface SigningConfig {
  /** `MODEL_JOBS_SIGNING_KEY`: what this worker makes is signed by it. Default: nothing is signed. */
  key?: SigningKey | undefined;
  /** `MODEL_JOBS_TRUST`: only models that one of them has signed are loaded. Default: every model is. */
  trust?: readonly TrustedKey[] | undefined;
}

/** What the worker's operator decided. Every path is absolute; nothing here comes from a request. */
export interface ActivityConfig {
  /** `MODEL_JOBS_HOME`: bundles, job folders. */
  home: string;
  /** Folders that jobs may read and write, and places on S3 (`s3://bucket/prefix`). */
  roots: readonly string[];
  /** Files with secrets of the worker's, which no root around them opens. Default: none. */
  secretFiles?: readonly string[];
  /** Commands that jobs may run. */
  commands: readonly AllowedCommand[];
  /** Secrets that commands may be given, and where they are. */
  secrets?: SecretSources;
  /** Commands that run at once. Default: any number. */
  maxCommands?: number | undefined;
  hub: HubConfig;
  /** How long passing faults are tried again, where a request says nothing. Default: {@link defaultRetryLimits}. */
  retries?: RetryLimits;
  signing?: SigningConfig;
  runtime: Omit<RuntimeConfig, 'settings'> & { settings: BackendSettings };
}
