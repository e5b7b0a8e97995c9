import { ModelJobError, type ModelJobErrorCode } from '../../../planner/index.js';

/** What S3's error codes mean to a job. */
const codes: Readonly<Record<string, ModelJobErrorCode>> = {
  NoSuchKey: 'NotFound',
  NotFound: 'NotFound',
  NoSuchBucket: 'NotFound',
  AccessDenied: 'PermissionDenied',
  Forbidden: 'PermissionDenied',
  InvalidAccessKeyId: 'PermissionDenied',
  SignatureDoesNotMatch: 'PermissionDenied',
  ExpiredToken: 'PermissionDenied',
  CredentialsProviderError: 'PermissionDenied',
  PreconditionFailed: 'IntegrityError',
  InvalidBucketName: 'InvalidUri',
  EntityTooLarge: 'ResourceLimit',
};

const codesByStatus: Readonly<Record<number, ModelJobErrorCode>> = {
  401: 'PermissionDenied',
  403: 'PermissionDenied',
  404: 'NotFound',
  412: 'IntegrityError',
};

/** Statuses of a request that is wrong now and later; what else fails may pass. */
const isLasting = (status: number): boolean => status >= 400 && status < 500 && status !== 408 && status !== 429;

interface SdkError extends Error {
  $metadata?: { httpStatusCode?: number };
}

/**
 * An error of the SDK as ours: `NotFound`, `PermissionDenied`, or `Io` for throttling, a server's and a network's
 * faults. When the signal is aborted, it is the signal's reason.
 *
 * @param what was done, such as `reading s3://bucket/key`
 */
export function s3Error(error: unknown, what: string, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof ModelJobError || !(error instanceof Error) || isOfDisk(error)) return error;
  const status = (error as SdkError).$metadata?.httpStatusCode;
  const known = codes[error.name] ?? (status === undefined ? undefined : codesByStatus[status]);
  const code = known ?? (status !== undefined && isLasting(status) ? 'Failed' : 'Io');
  const message = error.message === '' || error.message === error.name ? error.name : `${error.name}: ${error.message}`;
  return new ModelJobError(code, `${what}: ${message}`, { cause: error });
}

/** An upload may fail by the file that it reads; a network's errors have a `syscall` too, but no path. */
function isOfDisk(error: Error): boolean {
  return 'syscall' in error && 'path' in error;
}

/** Whether an error of the SDK says that there is no such file. A missing bucket is another matter. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}
