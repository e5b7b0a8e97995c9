import type { ModelAccessJobRequest, ModelIdentity } from '../../planner/index.js';
import type { CommandSlots } from './command-slots.js';
import type { AllowedCommand } from '../policy/schema.js';
import type { SecretSources } from '../policy/secrets.js';
import type { PathGuard } from '../workspace/paths.js';
import type { JobWork } from '../workspace/work.js';

/** A bundle that nobody removes meanwhile. */
export interface BundleInUse {
  /** Its folder: `manifest.json` and `files/…`. */
  root: string;
  identity: ModelIdentity;
}

/** A command's line to its job. */
export interface CommandWork extends JobWork {
  /** 1 for the first attempt. */
  readonly attempt: number;
}

/** What commands work with. */
export interface CommandDeps {
  home: string;
  /** Commands that jobs may run. */
  commands: readonly AllowedCommand[];
  /** Secrets that they may be given. */
  secrets: SecretSources;
  slots: CommandSlots;
  paths: PathGuard;
  /** Cores that a program may compute on. */
  cores: number;
  /** Makes sure of the request's bundle, pins it, and keeps it while something runs. */
  useBundle: <T>(request: ModelAccessJobRequest, work: JobWork, run: (bundle: BundleInUse) => Promise<T>) => Promise<T>;
}
