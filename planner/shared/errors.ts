/**
 * The closed list of failure codes. The first seven are the Rust crate's `JobError` variants
 * (moenarch-jobs-core), the last five are ours.
 */
export const errorCodes = [
  'InvalidArgument',
  'NotFound',
  'InvalidUri',
  'Io',
  'Cancelled',
  'Failed',
  'StateUnavailable',
  'AlreadyExists',
  'MissingDependency',
  'ResourceLimit',
  'PermissionDenied',
  'IntegrityError',
] as const;

export type ModelJobErrorCode = (typeof errorCodes)[number];

/** How the crate's `Display` begins each message. */
const prefixes: Record<ModelJobErrorCode, string> = {
  InvalidArgument: 'invalid argument: ',
  NotFound: 'not found: ',
  InvalidUri: 'invalid uri: ',
  Io: 'io error: ',
  Cancelled: 'job cancelled',
  Failed: 'job failed: ',
  StateUnavailable: 'job state unavailable: ',
  AlreadyExists: 'already exists: ',
  MissingDependency: 'missing dependency: ',
  ResourceLimit: 'resource limit: ',
  PermissionDenied: 'permission denied: ',
  IntegrityError: 'integrity error: ',
};

/** Codes of faults that may pass: only these are worth another attempt. */
const passing: ReadonlySet<ModelJobErrorCode> = new Set(['Io', 'StateUnavailable']);

/** One problem of a refused value: where it is, as a path such as `spec.files[2].required`, and what is wrong. */
export interface ModelJobProblem {
  path: string;
  message: string;
}

export interface ModelJobErrorOptions {
  /** The whole message, where it is not the code's prefix and the detail. */
  message?: string;
  /** Every problem that was found, for errors that list several. */
  problems?: ModelJobProblem[] | undefined;
  /** Structured facts for programs; must be plain JSON. */
  details?: Record<string, unknown>;
  /** Whether another attempt may succeed; by default it follows from the code. */
  retryable?: boolean;
  cause?: unknown;
}

/**
 * The one error that this package throws on purpose.
 *
 * `message` is the crate's full message (`invalid argument: …`), `detail` the part behind the prefix,
 * which is what a job's snapshot reports as its failure.
 */
export class ModelJobError extends Error {
  override readonly name: string = 'ModelJobError';
  readonly code: ModelJobErrorCode;
  readonly detail: string;
  readonly problems: ModelJobProblem[];
  readonly details: Record<string, unknown>;
  readonly retryable: boolean;

  constructor(code: ModelJobErrorCode, detail: string, options: ModelJobErrorOptions = {}) {
    super(
      options.message ?? (code === 'Cancelled' ? prefixes.Cancelled : prefixes[code] + detail),
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.code = code;
    this.detail = detail;
    this.problems = options.problems ?? [];
    this.details = options.details ?? {};
    this.retryable = options.retryable ?? passing.has(code);
  }
}

/** Whether a value is one of the codes above. */
export function isErrorCode(value: unknown): value is ModelJobErrorCode {
  return typeof value === 'string' && (errorCodes as readonly string[]).includes(value);
}
